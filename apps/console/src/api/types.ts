import type { operations } from '../../../../dist/openapi.js';

/**
 * The answers of the control API under /v1, as types that the build generates from its description. Money in integer minor units; instants
 * as ISO text in campaign time.
 */
type Answer<Operation extends keyof operations> = operations[Operation] extends {
  readonly responses: { readonly 200: { content: { readonly 'application/json': infer Body } } };
}
  ? Body
  : never;
type Item<List extends { readonly items: readonly unknown[] }> = List['items'][number];

export interface Page<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

export type CampaignSummary = Item<Answer<'CampaignsController_list'>>;
export type CampaignDetail = Answer<'CampaignsController_find'>;
export type CampaignVersion = Item<Answer<'CampaignsController_versions'>>;
export type CampaignState = CampaignSummary['state'];
export type CampaignCommand = CampaignDetail['commands'][number];
export type CampaignReport = Answer<'CampaignsController_report'>;
export type Happening = Item<Answer<'CampaignsController_feed'>>;
export type HappeningKind = Happening['kind'];
export type Estimate = Answer<'CampaignsController_validate'>;
/** For requests by number, by rule or for the audience, as the console makes them, all fields are present. */
export type HandEnrolment = Omit<Enrolled, 'skippedBy'> & { readonly skippedBy: Readonly<Record<SkipReason, number>> };
type Enrolled = Required<Answer<'CampaignsController_enrol'>>;
export type SkipReason = HandEnrolment['skipped'][number]['reason'];

export type EnrolmentSummary = Item<Answer<'CampaignsController_enrolments'>>;
export type EnrolmentState = EnrolmentSummary['state'];
export type Arm = EnrolmentSummary['arm'];
export type EnrolmentStory = Answer<'EnrolmentsController_find'>;
export type VisitRow = EnrolmentStory['visits'][number];
export type DecisionRow = EnrolmentStory['decisions'][number];
export type CandidateRow = DecisionRow['candidates'][number];
export type OfferRow = EnrolmentStory['offers'][number];
export type MessageRow = EnrolmentStory['messages'][number];
export type ResponseRow = EnrolmentStory['responses'][number];

export type ListedDecision = Item<Answer<'DecisionsController_list'>>;
export type ListedMessage = Item<Answer<'MessagesController_list'>>;
/** A message without a reply of the provider, with the search term for the provider's log. */
export type UnknownMessage = ListedMessage;

export type Alert = Item<Answer<'AlertsController_list'>>;
export type AlertKind = Alert['kind'];
export type Provider = Item<Answer<'AlertsController_providers'>>;

export type TemplatePage = Answer<'TemplatesController_list'>;
export type TemplateSummary = Item<TemplatePage>;
export type PublicationPage = Answer<'PublicationsController_list'>;
export type ContentFiles = Answer<'PublicationsController_files'>;
export type DocumentChange = ContentFiles['changes'][number];
export type TemplatePreview = Answer<'TemplatesController_preview'>;

export type ListedCustomer = Item<Answer<'CustomersController_list'>>;
export type CustomerDetail = Answer<'CustomersController_find'>;
export type ContactPoint = CustomerDetail['contactPoints'][number];
export type CustomerScore = CustomerDetail['scores'][number];
export type ScoreReason = CustomerScore['reasons'][number];
export type CustomerOffer = CustomerDetail['offers'][number];
export type CustomerEnrolment = CustomerDetail['enrolments'][number];
export type CustomerEvent = Item<Answer<'CustomerHistoryController_events'>>;
export type CustomerResponse = Item<Answer<'CustomerHistoryController_responses'>>;
export type CampaignStanding = Item<Answer<'CustomerHistoryController_campaigns'>>;
export type KeptOut = CampaignStanding['keptOut'][number];

export type TaskPage = Answer<'DeskController_list'>;
export type ListedTask = Item<TaskPage>;
export type Choice = ListedTask['choices'][number];
export type Meaning = Choice['answer'];
export type Reach = ListedTask['reach'];

export type ScoreKind = Item<Answer<'ScoreKindsController_list'>>;
export type ScoreVersion = Item<Answer<'ScoreKindsController_versions'>>;
export type ScoreVersionDetail = Answer<'ScoreKindsController_version'>;
export type ScoreFigures = NonNullable<ScoreVersionDetail['figures']>;
export type ScoreCrossings = Answer<'ScoreKindsController_crossings'>;
export type ScoreDistribution = Answer<'ScoreKindsController_distribution'>;
export type ScoreExplanation = Answer<'ScoreKindsController_explanation'>;
