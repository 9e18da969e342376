/** The workflow id of an enrolment's journey: one enrolment, one journey, whatever is retried. */
export function journeyId(enrolmentId: string): string {
  return `journey:${enrolmentId}`;
}

export function campaignWorkflowId(campaignId: string): string {
  return `campaign:${campaignId}`;
}
