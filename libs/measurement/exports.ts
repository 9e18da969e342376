/** An export of a campaign's rows as a file. */
export interface Export {
  /** Reads the rows: $1 the campaign's id, then the filter's values in the order of `filter`, null for none. */
  readonly sql: string;
  readonly filter: readonly string[];
  /** The file's columns, as the statement names them, with their descriptions. */
  readonly columns: Readonly<Record<string, string>>;
}

const customer = {
  customerId: 'the customer',
  externalId: 'the company’s own number of the customer',
  name: 'the customer’s name; empty if it is not known',
};

export const messagesExport: Export = {
  filter: ['state', 'channel'],
  sql: `
    select m.id, m.enrolment_id as "enrolmentId", c.id as "customerId", c.external_id as "externalId", c.name, m.step, m.occurrence, m.channel,
      m.purpose, m.template, m.state, m.attempts, m.error_class as "errorClass", m.error_code as "errorCode", m.segments,
      m.cost_milli as "costMilli", m.settled_by as "settledBy", m.planned_at as "plannedAt", m.submitted_at as "submittedAt",
      m.settled_at as "settledAt"
    from message m join customer c on c.id = m.customer_id
    where m.campaign_id = $1 and ($2::text is null or m.state = $2) and ($3::text is null or m.channel = $3)
    order by m.id`,
  columns: {
    id: 'the message',
    enrolmentId: 'the enrolment that it belongs to',
    ...customer,
    step: 'the step that sends it',
    occurrence: 'the number of the attempt of this step, from 1',
    channel: 'the name of the channel, such as sms',
    purpose: 'marketing or service',
    template: 'its template',
    state: 'its state in the ledger',
    attempts: 'how often it was submitted to the provider',
    errorClass: 'the meaning of the provider’s reply',
    errorCode: 'the provider’s own code',
    segments: 'its number of segments',
    costMilli: 'what it costs, in thousandths of a minor unit of the campaign’s currency',
    settledBy: 'what settled it, if its submission had no reply',
    plannedAt: 'ISO 8601, like all instants',
    submittedAt: 'when it was last submitted',
    settledAt: 'when its result was known',
  },
};

export const enrolmentsExport: Export = {
  filter: ['state', 'arm', 'outcome', 'step'],
  sql: `
    select e.id, c.id as "customerId", c.external_id as "externalId", c.name, v.version, e.arm, e.state, e.step,
      e.waiting_until as "waitingUntil", e.outcome, e.trigger_score as "triggerScore", e.created_at as "createdAt", e.entered_at as "enteredAt",
      e.closed_at as "closedAt", e.measured_at as "measuredAt", e.retained, e.kept_revenue as "keptRevenue"
    from enrolment e join customer c on c.id = e.customer_id join campaign_version v on v.id = e.version_id
    where e.campaign_id = $1 and ($2::text is null or e.state = $2) and ($3::text is null or e.arm = $3)
      and ($4::text is null or e.outcome = $4) and ($5::text is null or (e.step = $5 and e.state <> 'closed'))
    order by e.id`,
  columns: {
    id: 'the enrolment',
    ...customer,
    version: 'the version of the campaign',
    arm: 'treated or holdout',
    state: 'pending, entered, paused or closed',
    step: 'the current or last step',
    waitingUntil: 'ISO 8601, like all instants',
    outcome: 'how it ended',
    triggerScore: 'the score with which the customer was enrolled',
    createdAt: 'when the customer was enrolled',
    enteredAt: 'when the journey began',
    closedAt: 'when it ended',
    measuredAt: 'when it was measured whether the customer stayed',
    retained: 'true if the customer stayed',
    keptRevenue: 'minor units per month, compared with the charge at entry',
  },
};
