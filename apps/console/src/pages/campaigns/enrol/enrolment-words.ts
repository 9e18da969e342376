import { cleanId } from '../../../../../../libs/channels/address/clean-text.js';
import type { HandEnrolment, SkipReason } from '../../../api/types.js';
import { count, money } from '../../../format/number.js';
import { plural } from '../../../format/words.js';

/** The selection of customers, as filled in the form. */
export interface Asked {
  readonly by: 'numbers' | 'rule' | 'audience';
  readonly numbers: string;
  readonly rule: string;
}

const headers = ['external_id', 'externalid', 'customer', 'customer_id', 'customerid', 'id', 'number', 'customer number'];

/** The numbers in a text: one per line, or the first column of a file; each once. A header in the first line is ignored. */
export function numbersIn(text: string): readonly string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => cleanId((line.split(/[,;\t]/, 1)[0] ?? '').trim().replace(/^"(.*)"$/, '$1')))
    .filter((number) => number !== '');
  return [...new Set(headers.includes(lines[0]?.toLowerCase() ?? '') ? lines.slice(1) : lines)];
}

const pageSize = 1_000;

/** The bodies of the necessary requests; for a rule and the audience, the first page's. */
export function requestsFor({ by, numbers, rule }: Asked): readonly Readonly<Record<string, unknown>>[] {
  if (by === 'rule') return [{ where: rule }];
  if (by === 'audience') return [{ audience: true }];
  const all = numbersIn(numbers);
  return Array.from({ length: Math.ceil(all.length / pageSize) }, (_, page) => ({
    externalIds: all.slice(page * pageSize, (page + 1) * pageSize),
  }));
}

/** The result of all pages together. */
export function sumOf(pages: readonly HandEnrolment[]): HandEnrolment {
  const sum = (read: (page: HandEnrolment) => number): number => pages.reduce((total, page) => total + read(page), 0);
  const reasons = Object.keys(reasonWords) as SkipReason[];
  const { budgetLeft = 0, currency = 'EUR' } = pages.at(-1)?.cost ?? {};
  return {
    enrolled: sum((page) => page.enrolled),
    heldOut: sum((page) => page.heldOut),
    unreachable: sum((page) => page.unreachable),
    skipped: pages.flatMap((page) => page.skipped),
    skippedBy: Object.fromEntries(reasons.map((reason) => [reason, sum((page) => page.skippedBy[reason])])) as Record<SkipReason, number>,
    cost: {
      atMost: Math.min(
        budgetLeft,
        sum((page) => page.cost.atMost),
      ),
      budgetLeft,
      currency,
    },
    next: null,
    warnings: pages.flatMap((page) => page.warnings),
  };
}

const reasonWords: Readonly<Record<SkipReason, string>> = {
  unknown: 'are numbers of no customer',
  churned: 'have churned',
  objected: 'object to marketing',
  'already-enrolled': 'are already in the campaign',
  'enrolled-before': 'were in the campaign before',
  'not-in-audience': 'are not in its audience',
};
const namedAtMost = 10;

/** Who is not enrolled: one line for each reason. */
export function skippedLines({ skipped, skippedBy }: HandEnrolment): readonly string[] {
  const reasons = (Object.keys(reasonWords) as SkipReason[]).filter((reason) => skippedBy[reason] > 0);
  return reasons.map((reason) => {
    const named = skipped.filter((each) => each.reason === reason).flatMap(({ externalId }) => externalId ?? []);
    const shown = named.slice(0, namedAtMost).join(', ');
    const more = named.length > namedAtMost ? ` and ${count(named.length - namedAtMost)} more` : '';
    return `${count(skippedBy[reason])} ${reasonWords[reason]}${shown === '' ? '' : `: ${shown}${more}`}`;
  });
}

/** What it would do, shown before it is done. */
export function consequencesOf(sum: HandEnrolment): Readonly<Record<'Enrolled' | 'Money' | 'Undo', string>> {
  const { enrolled, heldOut, unreachable, cost } = sum;
  const reach =
    unreachable === 0
      ? ''
      : ` ${count(unreachable)} of them cannot be written to on any channel now: no consent, suppressed, or no address.`;
  return {
    Enrolled:
      enrolled === 0
        ? 'Nobody.'
        : `${plural(enrolled, 'customer')}: ${count(enrolled - heldOut)} treated, ${count(heldOut)} held out.${reach}`,
    Money: `Offers to them may cost ${money(cost.atMost, cost.currency)} at most. ${money(cost.budgetLeft, cost.currency)} of the budget is left.`,
    Undo: 'Not possible for single customers. A pause stops every journey at its step.',
  };
}
