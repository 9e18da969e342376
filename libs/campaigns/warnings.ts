import type { EntityManager } from '@mikro-orm/postgresql';
import { isChannel } from '../channels/table.js';
import { mentionsOf, messageOf, candidatesOf } from '../journeys/steps/table.js';
import { query, queryOne } from '../persistence/sql.js';
import type { ProblemPlace } from '../platform/problem.js';
import { askedWords, type AskedWord } from '../segments/asked-words.js';
import { didYouMean } from '../platform/nearest.js';
import { compileRule } from '../segments/rule.js';
import { costOf, keptValueOf, statedEconomics } from '../treatments/economics.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import type { CampaignDefinition } from './definition.js';
import { inside, placeAt } from './definition-errors.js';
import { reachableFor } from './reachable.js';
import type { Known } from './read-steps.js';
import { triggerKinds } from './triggers/table.js';

/**
 * Conditions of a definition that no customer meets, or that all meet, with present numbers. They may change, so nothing is refused because
 * of them.
 * @param terms of the treatments that it names
 */
export async function warningsAbout(
  em: EntityManager,
  definition: CampaignDefinition,
  terms: readonly TreatmentDefinition[],
  { needsOf }: Pick<Known, 'needsOf'>,
  now: Date,
): Promise<ProblemPlace[]> {
  const asked = questions(definition, terms, needsOf);
  const counts = await count(em, definition, asked, now);
  const customers = counts['customers'] ?? 0;
  if (customers === 0) return [{ where: 'audience', what: 'there are no customers yet; import them first' }];
  const audience = counts['audience'] ?? 0;
  const words = await wordsOfNobody(em, definition);
  if (audience === 0) return [{ where: 'audience', what: `is true for 0 of ${shown(customers)} customers` }, ...words];
  const found = asked.flatMap(({ key, where, say }) => {
    const what = say(counts[key] ?? 0, audience);
    return what === undefined ? [] : [{ where, what }];
  });
  return [...found, ...((await triggerKinds.get(definition.trigger.kind).warnings?.(em, definition.trigger)) ?? []), ...words];
}

/** One condition that is counted in the audience: SQL over alias c, and the meaning of the count. */
interface Question {
  readonly key: string;
  readonly where: string;
  readonly sql: (param: (rule: string) => string) => string;
  readonly say: (count: number, audience: number) => string | undefined;
}

function questions(definition: CampaignDefinition, terms: readonly TreatmentDefinition[], needsOf: Known['needsOf']): Question[] {
  const { goal, budget, journey } = definition;
  const steps = Object.values(journey.steps);
  const sends = steps.flatMap((step) => messageOf(step) ?? []);
  const treats = steps.some((step) => candidatesOf(step) !== undefined);
  const asked: Question[] = [];
  const ask = (where: string, sql: Question['sql'], say: Question['say']): void =>
    void asked.push({ key: `q${String(asked.length)}`, where, sql, say });

  if (goal !== null) {
    ask(
      'goal',
      (rule) => rule(goal),
      (already, audience) =>
        already === audience
          ? `is true for all ${shown(audience)} customers in the audience already: every journey would end as saved at once`
          : undefined,
    );
  }
  const currency = /^[A-Z]{3}$/.test(budget.currency) ? budget.currency : '';
  if (treats) {
    // A customer without a currency gets offers in the budget's currency (see issue-offer.ts).
    ask(
      'budget',
      () => `coalesce(c.currency, '${currency}') <> '${currency}'`,
      (others, audience) => {
        if (others === 0) return undefined;
        return others === audience
          ? `0 of ${shown(audience)} customers in the audience pay in ${budget.currency}; this budget can offer them nothing`
          : `${shown(others)} of ${shown(audience)} customers in the audience pay in another currency than ${budget.currency}; this budget can offer them nothing`;
      },
    );
    if (!terms.some((each) => paysWithoutCharge(each, currency))) {
      ask(
        'budget',
        () => `c.monthly_charge is null and coalesce(c.currency, '${currency}') = '${currency}'`,
        (uncharged, audience) =>
          uncharged > 0
            ? `${shown(uncharged)} of ${shown(audience)} customers in the audience have no monthly charge; nothing can be offered to them until a treatment with a fixed cost says what a kept customer is worth (customerValue)`
            : undefined,
      );
    }
  }
  if (treats) {
    ask(
      'journey',
      () => `not exists (select from score s where s.customer_id = c.id and s.kind = 'churn')`,
      (unscored, audience) =>
        unscored > 0
          ? `${shown(unscored)} of ${shown(audience)} customers in the audience have no churn score, so no treatment can be chosen for them; score them first`
          : undefined,
    );
  }
  if (sends.length > 0) {
    ask(
      'time zone',
      () => nowhere,
      (lost, audience) =>
        lost > 0
          ? `${shown(lost)} of ${shown(audience)} customers in the audience have no time zone, and no country or phone number to derive one from: their quiet hours are not known, so nothing is sent to them`
          : undefined,
    );
  }
  for (const { treatment, eligible } of terms) {
    ask(
      `treatment ${treatment}`,
      (rule) => rule(eligible),
      (open, audience) => (open === 0 ? `is open to 0 of ${shown(audience)} customers in the audience: nobody is eligible` : undefined),
    );
  }
  for (const step of steps) {
    for (const { what, text, path } of mentionsOf(step)) {
      if (what !== 'rule') continue;
      ask(
        inside(placeAt(step.id), path).shown,
        (rule) => rule(text),
        (holds, audience) => (holds === 0 ? `is true for 0 of ${shown(audience)} customers in the audience now` : undefined),
      );
    }
  }
  for (const channel of new Set(sends.map((each) => each.channel).filter(isChannel))) {
    const marketing = sends.some((each) => each.channel === channel && each.purpose === 'marketing');
    ask(
      `channel ${channel}`,
      () => reachableFor(marketing ? 'marketing' : 'service', channel),
      (reached, audience) =>
        reached === 0
          ? `0 of ${shown(audience)} customers in the audience have an address on it${marketing ? ' and agreed to be written to' : ''}`
          : undefined,
    );
  }
  for (const template of new Set(sends.map((each) => each.template))) {
    const name = needsOf?.(template).get('customer.name');
    if (name === undefined) continue;
    ask(
      `template ${template}`,
      () => `coalesce(c.name, '') = ''`,
      (nameless, audience) =>
        nameless > 0
          ? `shows {{ ${name} }}, and ${shown(nameless)} of ${shown(audience)} customers in the audience have no name: messages that show it are not sent to them; write {{ customer.name | default: 'there' }}`
          : undefined,
    );
  }
  return asked;
}

/** The customer's location is not known: the contact policy then reports `unknown-zone`. Alias c. */
const nowhere = `c.time_zone is null and c.attributes ->> 'country' is null and c.locale !~ '[-_]'
  and not exists (select from contact_point p where p.customer_id = c.id and p.channel <> 'email')`;

/** Whether it can be offered in this currency to a customer whose charge is not known. */
const paysWithoutCharge = (treatment: TreatmentDefinition, currency: string): boolean =>
  typeof costOf(treatment, null, currency) === 'number' && typeof keptValueOf(treatment, null, currency, statedEconomics) === 'number';

/** All counts in one pass over the customers. */
async function count(
  em: EntityManager,
  { audience }: CampaignDefinition,
  asked: readonly Question[],
  now: Date,
): Promise<Readonly<Record<string, number>>> {
  const params: unknown[] = [];
  const rule = (source: string): string => {
    const { sql, params: own } = compileRule(source).toSql(params.length + 1, now);
    params.push(...own);
    return `(${sql})`;
  };
  const inAudience = rule(audience);
  const filters = asked.map(({ key, sql }) => `count(*) filter (where audience and ${sql(rule)}) as ${key}`);
  const counted = await queryOne<Record<string, number>>(
    em,
    `select count(*) as customers, count(*) filter (where audience) as audience${filters.map((each) => `, ${each}`).join('')}
     from (select c.*, ${inAudience} as audience from customer c where c.status <> 'churned' and c.erased_at is null) c`,
    params,
  );
  return counted ?? {};
}

/** Values in the conditions that no customer has: most likely misspelt. */
async function wordsOfNobody(em: EntityManager, { audience, goal, journey }: CampaignDefinition): Promise<ProblemPlace[]> {
  const rules = [
    { where: 'audience', text: audience },
    ...(goal === null ? [] : [{ where: 'goal', text: goal }]),
    ...Object.values(journey.steps).flatMap((step) =>
      mentionsOf(step)
        .filter(({ what }) => what === 'rule')
        .map(({ text, path }) => ({ where: inside(placeAt(step.id), path).shown, text })),
    ),
  ];
  const asked = rules.flatMap(({ where, text }) => askedWords(compileRule(text).condition).map((word) => ({ ...word, where })));
  const found: ProblemPlace[] = [];
  for (const [name, words] of [...Map.groupBy(asked, (word) => word.name)].slice(0, mostFields)) {
    const there = await wordsThere(em, words[0]);
    if (there === undefined) continue;
    for (const { where, word } of words) {
      if (!there.has(word))
        found.push({
          where,
          what: `nobody has ${name === 'events' ? 'an event of the kind' : `${name} ==`} ${JSON.stringify(word)}${didYouMean(word, there)}`,
        });
    }
  }
  return found;
}

const mostFields = 10;
/** A field with more different values than this is not compared. */
const mostWords = 500;

/** The values that customers have in a field, or the kinds of events; undefined if there are too many. */
async function wordsThere(em: EntityManager, asked: AskedWord | undefined): Promise<ReadonlySet<string> | undefined> {
  if (asked === undefined) return undefined;
  const from = asked.sql === null ? 'select kind as word from customer_event' : `select ${asked.sql} as word from customer c`;
  const rows = await query<{ word: string | null }>(em, `select distinct word from (${from}) each limit ${String(mostWords + 1)}`);
  return rows.length > mostWords ? undefined : new Set(rows.flatMap(({ word }) => (word === null ? [] : [word])));
}

const shown = (count: number): string => count.toLocaleString('en');
