import { createPerformers, effects } from '../../activities/effects/table.js';
import { definitionJsonSchema } from '../../libs/campaigns/definition-schema.js';
import { enrolCrossingsPage } from '../../libs/campaigns/enrol.js';
import { parseDefinition } from '../../libs/campaigns/parse-definition.js';
import { triggerKinds } from '../../libs/campaigns/triggers/table.js';
import { answers, type Answer } from '../../libs/journeys/answers/table.js';
import { initialState } from '../../libs/journeys/engine.js';
import { stepKinds } from '../../libs/journeys/steps/table.js';
import { wakeJourney } from '../../libs/journeys/wake.js';
import { pictureJourney } from '../../libs/measurement/journey-picture.js';
import { query } from '../../libs/persistence/sql.js';
import { createClassifier } from '../../libs/responses/classify.js';
import { receiveResponse } from '../../libs/responses/receive.js';
import type { ReplyWords } from '../../libs/responses/reply-words.js';
import { loadReplyWords } from '../../libs/responses/reply-words.js';
import { scoreKinds, type ScoreName } from '../../libs/scores/kinds/table.js';
import { recordScores } from '../../libs/scores/record-scores.js';
import { fieldsWith, knownFields, useFields } from '../../libs/segments/fields.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { makeCampaign, makeCustomer, testNow } from '../harness/factories.js';
import { sendOffer } from '../harness/sent-offer.js';
import { note } from './note.js';
import { performNote } from './note-effect.js';
import { loyalty } from './loyalty.js';
import { praise } from './praise.js';
import { spender } from './spender.js';

/** What an installation with its own kinds does before it starts: the files beside this one, and a line each. */
const before = knownFields();
const added = [
  stepKinds.add('note', note),
  triggerKinds.add('spender', spender),
  answers.add('praise' as Answer, praise),
  scoreKinds.add('loyalty' as ScoreName, loyalty),
];
useFields(fieldsWith({}));
afterAll(() => {
  added.forEach((remove) => remove());
  useFields(before);
});

const yaml = `campaign: thanks
audience: "true"
trigger: { charge_above: 50 }
budget: 100 EUR
journey:
  - note: { says: spends much }
    empty: { exit: lapsed }
  - await: { answer_within: 4 days }
    praise: { exit: won-back }
    silence: { exit: lapsed }
`;
const definition = parseDefinition(yaml, { treatments: [], templates: [] });

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());
const em = () => db.orm.em.fork();

describe('a made-up kind, with the files that CONTRIBUTING.md names', () => {
  it('of step without a performer of its effect prevents the start of a worker', () => {
    expect(() => createPerformers({} as never)).toThrow('There is no effect note');
    added.push(effects.add('note', () => performNote));
    expect(createPerformers({} as never).get('note')).toBe(performNote);
  });

  it('of step is written, known to editors, shown and run, and its answer takes its way', async () => {
    expect(JSON.stringify(definitionJsonSchema())).toContain('Writes a note about the customer');
    const { journey } = definition;
    expect(pictureJourney(journey, [], {}).steps[0]).toMatchObject({ kind: 'note', title: 'Note', detail: 'spends much' });
    const perform = ({ effect }: { readonly effect: { readonly kind: string } }) =>
      effect.kind === 'note'
        ? performNote.perform(undefined as never, undefined as never, effect as never)
        : Promise.resolve({ kind: 'closed' });
    const waiting = await wakeJourney(journey, initialState(journey, 0, 30 * 86_400_000), [{ kind: 'started' }], 0, (call) =>
      call.effect.kind === 'park' ? Promise.resolve({ kind: 'parked' }) : perform(call),
    );
    expect(waiting.at).toBe('await');
    const heard = { kind: 'response', answer: 'praise' as Answer, responseId: 'r1' } as const;
    const ended = await wakeJourney(journey, waiting, [{ kind: 'signalled', signal: heard }], 1, perform);
    expect(ended.outcome).toBe('won-back');
  });

  it('of trigger is read, described in words, and enrols the customers it names, once', async () => {
    const trigger = definition.trigger;
    expect(triggerKinds.get(trigger.kind).words(trigger)).toBe('charge above 50');
    expect(() => parseDefinition(yaml.replace('charge_above: 50', 'charge_abov: 50'), { treatments: [], templates: [] })).toThrow(
      /did you mean charge_above/,
    );
    const rich = await makeCustomer(em(), { monthlyCharge: 9_000, currency: 'EUR' });
    await makeCustomer(em(), { monthlyCharge: 1_000, currency: 'EUR' });
    const campaign = await makeCampaign(em(), { definition: { trigger, audience: 'true', holdout: 0 } });
    const look = () => enrolCrossingsPage(em(), campaign.id, { from: { part: 'enrol', below: null }, limit: 100, now: testNow });
    expect(await look()).toMatchObject({ enrolled: 1, next: null });
    expect(await query(em(), 'select customer_id as id from enrolment')).toEqual([{ id: rich.id }]);
    expect(await look()).toMatchObject({ enrolled: 0 });
  });

  it('of answer is classified, stored, signalled to the journey and shown at the desk', async () => {
    const words: ReplyWords = (await loadReplyWords('config/replies')).map((language) => ({
      ...language,
      praise: { whole: ['bravo'], beside: [], clause: [], opening: [], anywhere: ['well done'], except: [] },
    }));
    const classify = createClassifier(words);
    const said = classify({ channel: 'sms', text: 'You did that well done, bravo', language: 'en' });
    expect(said).toMatchObject({ answer: 'praise' });
    const sent = await sendOffer(em(), 'sms');
    const received = await receiveResponse(
      em(),
      { source: 'carrier-pigeon', sourceId: 'p1', channel: 'sms', by: { messageId: sent.messageId }, said: () => said, text: 'bravo' },
      testNow,
    );
    expect(received).toMatchObject({ answer: 'praise', repeated: false });
    const events = await query<{ payload: { journeyAnswer: string } }>(
      em(),
      `select payload from domain_event where kind = 'response.received'`,
    );
    expect(events.map(({ payload }) => payload.journeyAnswer)).toEqual(['praise']);
    expect(await query(em(), 'select kind from task')).toEqual([{ kind: 'praise' }]);
  });

  it('of score is accepted within its range, used by rules, and a trigger', async () => {
    const kind = 'loyalty' as ScoreName;
    const loyal = yaml
      .replace('{ charge_above: 50 }', '{ score: loyalty, rises_above: 60, falls_below: 50 }')
      .replace('"true"', 'score.loyalty > 70');
    const { trigger } = parseDefinition(loyal, { treatments: [], templates: [] });
    const wrong = loyal.replace('rises_above: 60', 'rises_above: 100');
    expect(() => parseDefinition(wrong, { treatments: [], templates: [] })).toThrow(/a loyalty score is a share in percent from 0 to 100/);
    const [faithful, fickle] = [await makeCustomer(em()), await makeCustomer(em())];
    const act = recordScores(em(), [{ customerId: faithful.id, kind, value: 101 }], testNow);
    await expect(act).rejects.toMatchObject({ places: [{ where: '0.value', what: 'is a share in percent, from 0 to 100' }] });
    const scores = [faithful, fickle].map(({ id: customerId }, index) => ({ customerId, kind, value: 90 - 25 * index }));
    expect((await recordScores(em(), scores, testNow)).stored).toHaveLength(2);
    const campaign = await makeCampaign(em(), { definition: { trigger, audience: 'score.loyalty > 70', holdout: 0 } });
    await enrolCrossingsPage(em(), campaign.id, { from: { part: 'enrol', below: null }, limit: 100, now: testNow });
    expect(await query(em(), 'select customer_id as id from enrolment where campaign_id = $1', [campaign.id])).toEqual([
      { id: faithful.id },
    ]);
  });
});
