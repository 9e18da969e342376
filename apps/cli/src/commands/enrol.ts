import { Command, Option } from 'commander';
import { findCampaign } from '../../../../libs/campaigns/campaigns.js';
import {
  enrolByHand,
  skipReasons,
  type EnrolledByHand,
  type HandSelection,
  type SkipReason,
} from '../../../../libs/campaigns/enrol-by-hand.js';
import { cleanId } from '../../../../libs/channels/address/clean-text.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { formatMoney } from '../../../../libs/platform/money.js';
import { openOutputFile } from '../../../../libs/platform/output-file.js';
import { withCampaigns } from '../campaigns.js';
import { readNumbers } from '../read-numbers.js';
import { withProduct } from '../running.js';
import { printStoredWarnings } from '../warnings.js';
import { writeSkipped } from '../write-skipped.js';

interface Options {
  readonly ids?: string[];
  readonly file?: string;
  readonly column?: string;
  readonly where?: string;
  readonly audience?: true;
  readonly dryRun?: true;
  readonly again?: true;
  readonly skipped?: string;
}

/** How many numbers one transaction handles. */
const pageSize = 1_000;
/** The most numbers that are not enrolled and are printed. */
const namedAtMost = 20;

export const enrolCommand = (): Command =>
  new Command('enrol')
    .description(
      'enrol customers into a live campaign by hand; they must be in its audience, and nobody who is or was in it is enrolled again',
    )
    .argument('<campaign>', 'its name or id')
    .addOption(new Option('--ids <numbers...>', 'the company’s own numbers for the customers').conflicts(['file', 'where', 'audience']))
    .addOption(new Option('--file <file>', 'a CSV file with one number per line, in its first column').conflicts(['where', 'audience']))
    .option('--column <name>', 'for the file: the column with the number')
    .addOption(new Option('--where <rule>', 'customers who match a rule').conflicts(['audience']))
    .option('--audience', 'everybody in the campaign’s audience')
    .option('--again', 'also customers who were in the campaign before; its report counts them once more')
    .option('--dry-run', 'only show which customers it would enrol, and the possible cost')
    .option('--skipped <file>', 'write every number that is not enrolled, and why, to a CSV file')
    .action(async (name: string, options: Options, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      await withProduct(data, async (product) => {
        const { orm, clock, settings } = product;
        const { id, key } = await findCampaign(orm.em.fork(), name);
        const dryRun = options.dryRun === true;
        const again = options.again === true;
        await printStoredWarnings(product, id);
        // Before anybody is enrolled, so that a path that cannot be written stops nothing half-way.
        const skipped = options.skipped === undefined ? undefined : await openOutputFile(options.skipped);
        const total = new Total();
        for await (const selection of selections(options)) {
          let from: string | null = null;
          do {
            const page: EnrolledByHand = await enrolByHand(orm.em.fork(), id, selection, { now: clock.now(), dryRun, again, from });
            total.add(page);
            from = page.next;
          } while (from !== null);
        }
        console.log(total.describe(key, { dryRun, again }));
        if (skipped !== undefined) await writeSkipped(skipped, total.skipped);
        if (!dryRun) await withCampaigns(settings, orm, clock, (campaigns) => campaigns.wake());
      });
    });

/** One selection, or one for each page of numbers. */
async function* selections({ ids, file, column, where, audience }: Options): AsyncGenerator<HandSelection> {
  if (where !== undefined) yield { where };
  else if (audience === true) yield { audience };
  else if (file !== undefined) for await (const externalIds of readNumbers(file, pageSize, column)) yield { externalIds };
  else if (ids !== undefined) {
    const externalIds = ids
      .flatMap((each) => each.split(','))
      .map(cleanId)
      .filter((each) => each !== '');
    for (let at = 0; at < externalIds.length; at += pageSize) yield { externalIds: externalIds.slice(at, at + pageSize) };
  } else throw new Problem('invalid', 'No customers are named', [], 'Give --ids, --file, --where or --audience.');
}

const reasonWords: Readonly<Record<SkipReason, string>> = {
  unknown: 'are numbers of no customer',
  churned: 'have churned',
  objected: 'object to marketing',
  'already-enrolled': 'are already in the campaign',
  'enrolled-before': 'were in the campaign before, and are not enrolled again without --again',
  'not-in-audience': 'are not in its audience',
};

/** The result of all pages together. */
class Total {
  private enrolled = 0;
  private heldOut = 0;
  private unreachable = 0;
  private atMost = 0;
  private money = { budgetLeft: 0, currency: 'EUR' };
  private readonly by = new Map<SkipReason, number>();
  readonly skipped: EnrolledByHand['skipped'][number][] = [];

  add(page: EnrolledByHand): void {
    this.enrolled += page.enrolled;
    this.heldOut += page.heldOut;
    this.unreachable += page.unreachable;
    this.atMost += page.cost.atMost;
    this.money = page.cost;
    for (const reason of skipReasons) this.by.set(reason, (this.by.get(reason) ?? 0) + page.skippedBy[reason]);
    this.skipped.push(...page.skipped);
  }

  describe(key: string, { dryRun, again }: { readonly dryRun: boolean; readonly again: boolean }): string {
    const { budgetLeft, currency } = this.money;
    const cost = formatMoney({ minor: Math.min(this.atMost, budgetLeft), currency });
    const verb = dryRun ? 'would be enrolled' : 'enrolled';
    return [
      `${key}: ${String(this.enrolled)} ${again ? '' : 'new '}${this.enrolled === 1 ? 'customer' : 'customers'} ${verb}, ${String(this.heldOut)} of them held out. Offers to them may cost ${cost} at most.`,
      ...(this.unreachable > 0
        ? [`  No channel can reach ${String(this.unreachable)} of them now (no consent, suppressed, or no address).`]
        : []),
      ...skipReasons.filter((reason) => (this.by.get(reason) ?? 0) > 0).map((reason) => this.reasonLine(reason)),
    ].join('\n');
  }

  private reasonLine(reason: SkipReason): string {
    const named = this.skipped.filter((each) => each.reason === reason).map(({ id }) => id);
    const more = named.length > namedAtMost ? `, and ${String(named.length - namedAtMost)} more: --skipped FILE has all` : '';
    return `  ${String(this.by.get(reason))} ${reasonWords[reason]}${named.length === 0 ? '' : `: ${named.slice(0, namedAtMost).join(', ')}${more}`}`;
  }
}
