import { z } from 'zod';
import { campaignStates } from '../../../../libs/campaigns/campaign.entity.js';
import { versionStates } from '../../../../libs/campaigns/versions.js';
import { campaignCommands } from '../../../../libs/campaigns/campaign-states.js';
import { skipReasons, type EnrolledByHand, type HandSelection } from '../../../../libs/campaigns/enrol-by-hand.js';
import { arms, enrolmentStates } from '../../../../libs/campaigns/enrolment.entity.js';
import { outcomes } from '../../../../libs/journeys/outcome.js';
import { externalId, id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const campaignQuery = z.strictObject({ ...paging, state: z.enum(campaignStates).optional() });
export type CampaignQuery = z.infer<typeof campaignQuery>;

/** YAML as the body itself (text/yaml), or in JSON. */
export const definitionBody = z
  .union([z.string(), z.object({ source: z.string() })], 'must be the YAML of a campaign, as text/yaml or as {"source": "..."}')
  .transform((body) => (typeof body === 'string' ? body : body.source))
  .refine((source) => source.trim().length > 0, 'is empty');

export const enrolmentQuery = z.strictObject({
  ...paging,
  state: z.enum(enrolmentStates).optional(),
  arm: z.enum(arms).optional(),
  outcome: z.enum(outcomes).optional(),
  step: z.string().max(100).optional().describe('only customers at this step now'),
});
export type EnrolmentQuery = z.infer<typeof enrolmentQuery>;

const selections = ['customerIds', 'externalIds', 'where', 'audience'] as const;
const warnings = z.array(z.object({ where: z.string(), what: z.string() }));
export const enrolBody = z
  .object({
    customerIds: z.array(id).min(1).max(1000).optional(),
    externalIds: z.array(externalId).min(1).max(1000).optional().describe('the company’s own numbers'),
    where: z.string().min(1).max(10_000).optional().describe('a rule, as in customer.plan == "basic"'),
    audience: z.literal(true).optional().describe('everybody in the campaign’s audience'),
    dryRun: z.boolean().default(false).describe('only shows whom it would enrol, with warnings about the campaign on the first page'),
    again: z.boolean().default(false).describe('also customers who were in the campaign before; its report counts them once more'),
    from: id.optional().describe('for a rule or the audience: the `next` of the previous page'),
  })
  .refine((body) => selections.filter((name) => body[name] !== undefined).length === 1, {
    error: `names one of ${selections.join(', ')}`,
  });
export type EnrolBody = z.infer<typeof enrolBody>;
type Asked = Omit<EnrolBody, 'dryRun' | 'again' | 'from'>;
export function selectionOf({ customerIds, externalIds, where }: Asked): HandSelection {
  if (customerIds !== undefined) return { customerIds };
  if (externalIds !== undefined) return { externalIds };
  return where === undefined ? { audience: true } : { where };
}
export const enrolAnswer = z.object({
  enrolled: z.int(),
  heldOut: z.int(),
  skipped: z
    .array(z.object({ customerId: id.optional(), externalId: z.string().optional(), reason: z.enum(skipReasons) }))
    .describe('the given ids or numbers that were not enrolled'),
  skippedBy: z.record(z.enum(skipReasons), z.int()).optional().describe('how many are not enrolled, by reason; absent for customerIds'),
  unreachable: z.int().optional().describe('how many of the enrolled no message may reach now'),
  cost: z
    .object({ atMost: z.int(), budgetLeft: z.int(), currency: z.string() })
    .optional()
    .describe('the most that offers to them may cost, limited by the rest of the budget; minor units'),
  next: id.nullable().optional().describe('for a rule or the audience: repeat the request with it as `from`; null if all were checked'),
  warnings: warnings
    .optional()
    .describe('for a dry run, on its first page: conditions of the campaign that no customer meets, or that all meet'),
});
/** Customers by our ids are answered as they always were. */
export function enrolled(
  { customerIds }: Asked,
  { skipped, ...done }: EnrolledByHand & { readonly warnings: z.infer<typeof warnings> },
): z.infer<typeof enrolAnswer> {
  const { enrolled: count, heldOut } = done;
  if (customerIds !== undefined) {
    return { enrolled: count, heldOut, skipped: skipped.map(({ id: customerId, reason }) => ({ customerId, reason })) };
  }
  return { ...done, skipped: skipped.map(({ id: externalId, reason }) => ({ externalId, reason })) };
}

const campaignOut = z.object({
  id,
  key: z.string(),
  title: z.string(),
  state: z.enum(campaignStates),
  pauseReason: z.string().nullable().describe('why it paused automatically, as a sentence; null if it did not'),
  version: z.int(),
  launchedAt: instantOut.nullable(),
  enrolled: z.int(),
  underway: z.int().describe('treated enrolments that have entered and are not closed'),
  saved: z.int(),
  budget: z.object({ cap: z.int(), reserved: z.int(), spent: z.int(), currency: z.string() }).describe('minor units'),
});
export const campaignPage = pageSchema(campaignOut);

export const campaignDetail = campaignOut.extend({
  createdAt: instantOut,
  endedAt: instantOut.nullable(),
  source: z.string().describe('the YAML of the version that enrols'),
  versions: z
    .array(z.object({ version: z.int(), createdAt: instantOut, launchedAt: instantOut.nullable().describe('null for a draft') }))
    .describe('newest first; their texts are under /versions'),
  commands: z.array(z.enum(campaignCommands)).describe('the commands that are possible now'),
});

export const createdOut = z.object({
  id,
  key: z.string(),
  version: z.int(),
  created: z.boolean().describe('false if exactly this text was already stored'),
  state: z.enum(['draft', 'live']).describe('the version’s state: a draft enrols nobody until it is launched'),
});
export const versionQuery = z.strictObject(paging);
export type VersionQuery = z.infer<typeof versionQuery>;
const versionOut = z.object({
  id,
  version: z.int(),
  state: z.enum(versionStates).describe('live: it enrols; draft: it was never launched; past: it enrolled once'),
  createdAt: instantOut,
  launchedAt: instantOut.nullable(),
  publication: z.int().nullable().describe('the publication whose templates its messages use; null for a draft, or for the latest'),
  enrolled: z.int().describe('enrolments in it, both arms'),
  underway: z.int().describe('treated customers who are inside now'),
  source: z.string().describe('its YAML'),
});
export const versionPage = pageSchema(versionOut);
export const repinnedOut = z.object({ id, publication: z.int().describe('the publication whose templates its messages now use') });
export const versionLaunchedOut = z.object({ id, version: z.int(), state: z.enum(campaignStates) });
/** The number of a version in a path. */
export const versionNumber = z.coerce.number().int().min(1).max(2_000_000_000);
export const stateOut = z.object({ id, state: z.enum(campaignStates) });

export const estimateOut = z.object({
  key: z.string(),
  title: z.string(),
  steps: z.int(),
  audience: z.int().describe('customers for whom the audience rule holds'),
  reachable: z.int().describe('how many of them may get such messages on a channel'),
  entering: z
    .object({ total: z.int(), treated: z.int(), holdout: z.int() })
    .describe('how many would be enrolled now, and how the holdout would divide them on average'),
  budget: z.object({ cap: z.int(), currency: z.string() }).describe('minor units'),
  warnings: warnings.describe('conditions of the definition that no customer meets, or that all meet, with numbers'),
});

export const feedOut = z.object({
  items: z.array(
    z.object({
      at: instantOut,
      kind: z.enum(['saved', 'treat', 'none', 'defer', 'block', 'stop', 'declined', 'question', 'closed']),
      customer: z.object({ id, name: z.string().nullable() }),
      text: z.string(),
      enrolmentId: id,
    }),
  ),
  next: z.null(),
});

const enrolmentRowOut = z.object({
  id,
  customer: z.object({ id, name: z.string().nullable(), externalId: z.string() }),
  arm: z.enum(arms),
  state: z.enum(enrolmentStates),
  step: z.string().nullable(),
  waitingUntil: instantOut.nullable(),
  outcome: z.enum(outcomes).nullable(),
  triggerScore: z.number().nullable(),
  createdAt: instantOut,
  enteredAt: instantOut.nullable(),
  closedAt: instantOut.nullable(),
});
export const enrolmentPage = pageSchema(enrolmentRowOut);

const campaignId = '01995a3e-7c00-7000-8000-000000000001';
const customerId = '01995a3e-7c00-7000-8000-000000000002';
const enrolmentId = '01995a3e-7c00-7000-8000-000000000003';
const at = '2026-03-02T12:00:00.000Z';
const campaign = {
  id: campaignId,
  key: 'save-at-risk',
  title: 'Save at risk',
  state: 'live',
  pauseReason: null,
  version: 1,
  launchedAt: at,
  enrolled: 1204,
  underway: 310,
  saved: 402,
  budget: { cap: 2_000_000, reserved: 910_000, spent: 640_000, currency: 'EUR' },
};
const source = 'campaign: save-at-risk\naudience: customer.tenure >= 3\n# ...';

export const campaignExamples = {
  page: { items: [campaign], next: null },
  detail: {
    ...campaign,
    createdAt: at,
    endedAt: null,
    source,
    versions: [{ version: 1, createdAt: at, launchedAt: at }],
    commands: ['pause', 'cancel', 'complete'],
  },
  body: { source },
  created: { id: campaignId, key: 'save-at-risk', version: 1, created: true, state: 'draft' },
  versions: {
    items: [
      { id: campaignId, version: 1, state: 'live', createdAt: at, launchedAt: at, publication: 7, enrolled: 1204, underway: 310, source },
    ],
    next: null,
  },
  repinned: { id: campaignId, publication: 7 },
  versionLaunched: { id: campaignId, version: 2, state: 'live' },
  state: { id: campaignId, state: 'live' },
  estimate: {
    key: 'save-at-risk',
    title: 'Save at risk',
    steps: 9,
    audience: 3875,
    reachable: 3120,
    entering: { total: 1204, treated: 1084, holdout: 120 },
    budget: { cap: 2_000_000, currency: 'EUR' },
    warnings: [
      {
        where: 'budget',
        what: '755 of 3,875 customers in the audience pay in another currency than EUR; this budget can offer them nothing',
      },
    ],
  },
  feed: {
    items: [{ at, kind: 'saved', customer: { id: customerId, name: 'Ada Berg' }, text: 'Saved', enrolmentId }],
    next: null,
  },
  enrolments: {
    items: [
      {
        id: enrolmentId,
        customer: { id: customerId, name: 'Ada Berg', externalId: '7590-VHVEG' },
        arm: 'treated',
        state: 'entered',
        step: 'await',
        waitingUntil: '2026-03-06T12:00:00.000Z',
        outcome: null,
        triggerScore: 0.71,
        createdAt: at,
        enteredAt: at,
        closedAt: null,
      },
    ],
    next: null,
  },
  enrolBody: { customerIds: [customerId] },
  enrolled: { enrolled: 1, heldOut: 0, skipped: [] },
};
