import Table from 'cli-table3';
import { Command } from 'commander';
import type { Campaign } from '../../../../libs/campaigns/campaign.entity.js';
import { campaignIfAny, createCampaign, expectNotEnded, findCampaign, type CreatedCampaign } from '../../../../libs/campaigns/campaigns.js';
import { changesBetween, digestsOf, type Documents } from '../../../../libs/content/documents.js';
import { digestsAt, latestPublication } from '../../../../libs/content/publications.js';
import { keyIn, parseDefinition } from '../../../../libs/campaigns/parse-definition.js';
import { differenceOf } from '../../../../libs/campaigns/text-difference.js';
import { listVersions, type ListedVersion } from '../../../../libs/campaigns/versions.js';
import { campaignReport } from '../../../../libs/measurement/campaign-report.js';
import { knownTemplates } from '../../../../libs/messaging/templates/template-channels.js';
import { lastLocale } from '../../../../libs/channels/contract/template-locale.js';
import { formatMoney } from '../../../../libs/platform/money.js';
import { notFound } from '../../../../libs/platform/problem.js';
import { readWrittenFile } from '../../../../libs/platform/written-file.js';
import { readContentFolder, soundContent } from '../../../../libs/publishing/content.js';
import type { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { projectContent } from '../../../hosting/open-content.js';
import { withCampaigns } from '../campaigns.js';
import { publishNeeds, printChanges } from '../content.js';
import { isRunning, withProduct, type Product } from '../running.js';
import { printStoredWarnings, printWarnings } from '../warnings.js';
import { enrolCommand } from './enrol.js';
import { messageOf } from '../../../../libs/platform/message-of.js';

const dataOf = (command: Command): string => command.optsWithGlobals<{ data: string }>().data;

export const campaignCommand = (): Command =>
  new Command('campaign')
    .description('validate, launch and control campaigns')
    .addCommand(validate())
    .addCommand(launch())
    .addCommand(draft())
    .addCommand(versions())
    .addCommand(steer('pause', 'pause every journey where it is; nothing is sent until the campaign is resumed'))
    .addCommand(steer('resume', 'resume every journey'))
    .addCommand(steer('cancel', 'end every journey; open offers are withdrawn, sent messages cannot be recalled'))
    .addCommand(steer('complete', 'stop enrolling; running journeys continue'))
    .addCommand(repin())
    .addCommand(enrolCommand())
    .addCommand(status());

const validate = (): Command =>
  new Command('validate')
    .description('check a definition with the files here, and with the published content and the customers of a running product')
    .argument('<file>', 'the YAML file')
    .option('--locale <locale>', 'the company’s own locale, which others fall back to (PERENNIAL_DEFAULT_LOCALE)', lastLocale)
    .action(async (file: string, { locale }: { locale: string }, command: Command) => {
      const files = await readContentFolder(projectContent);
      const { treatments: terms, templates } = await soundContent(files, locale);
      const known = knownTemplates(templates, locale);
      const definition = parseDefinition(await readWrittenFile(file, 'campaign'), {
        treatments: terms.map(({ treatment }) => treatment),
        terms,
        ...known,
      });
      console.log(
        `${definition.title}: valid. ${Object.keys(definition.journey.steps).length} steps, ${definition.holdout * 100}% held out, ${formatMoney(definition.budget)}.`,
      );
      if (!(await isRunning(dataOf(command)))) {
        console.log('Nothing is running here, so the definition was not compared with your customers.');
        return;
      }
      try {
        await withProduct(dataOf(command), async (product) => {
          await printUnpublished(product, files);
          await printWarnings(product, definition, terms, known);
        });
      } catch (error) {
        console.log(`The running product could not be compared with it: ${messageOf(error)}`);
      }
    });

/** Lists the files here that differ from the publication. */
async function printUnpublished({ orm }: Product, files: Documents): Promise<void> {
  const em = orm.em.fork();
  const changes = changesBetween(await digestsAt(em, (await latestPublication(em))?.version ?? 0), digestsOf(files));
  if (changes.length === 0) return;
  console.log('These files differ from the publication; a launch publishes those that it needs:');
  printChanges(changes);
}

const launch = (): Command =>
  new Command('launch')
    .description('publish what a definition needs, store it and launch it; a running campaign continues under the new version')
    .argument('<file>', 'the YAML file; with --version, the name or id of a campaign')
    .option('--version <number>', 'launch this stored version: a draft, or a past version to go back to')
    .action(async (file: string, { version: stored }: { version?: string }, command: Command) => {
      if (stored !== undefined) return withProduct(dataOf(command), (product) => launchStored(product, file, stored));
      const source = await readWrittenFile(file, 'campaign');
      await withProduct(dataOf(command), async (product) => {
        const { orm, clock, settings } = product;
        const { content, campaignId, key, version, state } = await store(product, source);
        const known = knownTemplates(content.latest.templates, settings.defaultLocale);
        const { treatments } = content.latest;
        const definition = parseDefinition(source, { treatments: treatments.map(({ treatment }) => treatment), ...known });
        await printWarnings(product, definition, treatments, known);
        const before = await findCampaign(orm.em.fork(), campaignId);
        await withCampaigns(settings, orm, clock, async (campaigns) => {
          if (before.state === 'draft') console.log(`${key}, version ${version}: ${await campaigns.command(campaignId, 'launch')}`);
          else if (state === 'live') {
            await campaigns.wake();
            console.log(`${key}: version ${version} has exactly this text and is ${before.state} already${afterResume(before)}`);
          } else {
            console.log(
              `${key} is ${before.state} with version ${before.version}. Version ${version} replaces it; running journeys finish under their version.`,
            );
            await campaigns.launchVersion(campaignId, version);
            console.log(`${key}, version ${version}: ${before.state}; new customers enter this version${afterResume(before)}`);
          }
        });
      });
    });

/** The remaining step if the campaign is paused: a launch does not resume it. */
const afterResume = ({ key, state }: Pick<Campaign, 'key' | 'state'>): string =>
  state === 'paused' ? `, once it is resumed: perennial campaign resume ${key}` : '';

/** Makes a stored version of a campaign the one that enrols. @throws Problem not-found; Problem conflict if the campaign has ended */
async function launchStored(product: Product, campaign: string, number: string): Promise<void> {
  const { orm, clock, settings } = product;
  const stored = await findCampaign(orm.em.fork(), campaign);
  const { id, key, state, version: enrolling } = stored;
  if (!/^\d{1,9}$/.test(number)) throw notFound('version', number);
  const version = Number(number);
  await printStoredWarnings(product, id, version);
  await withCampaigns(settings, orm, clock, async (campaigns) => {
    if (state === 'draft' && version === enrolling) {
      console.log(`${key}, version ${version}: ${await campaigns.command(id, 'launch')}`);
      return;
    }
    await campaigns.launchVersion(id, version);
    console.log(`${key}, version ${version}: ${state}; new customers enter this version${afterResume(stored)}`);
  });
}

const repin = (): Command =>
  new Command('repin')
    .description('use the newest published templates for all further messages of a campaign, also those of running journeys')
    .argument('<campaign>', 'its name or id')
    .action(async (campaign: string, _options: object, command: Command) => {
      await withProduct(dataOf(command), async ({ orm, clock, settings }) => {
        const { id, key } = await findCampaign(orm.em.fork(), campaign);
        const publication = await withCampaigns(settings, orm, clock, (campaigns) => campaigns.repin(id));
        console.log(`${key}: its messages now use the templates of publication ${String(publication)}`);
      });
    });

const draft = (): Command =>
  new Command('draft')
    .description('store a definition as a draft, which enrols nobody until it is launched')
    .argument('<file>', 'the YAML file')
    .action(async (file: string, _options: object, command: Command) => {
      const source = await readWrittenFile(file, 'campaign');
      await withProduct(dataOf(command), async (product) => {
        const { key, version, state } = await store(product, source);
        console.log(`${key}, version ${version}: ${state}`);
      });
    });

const versions = (): Command =>
  new Command('versions')
    .description('the versions of a campaign, and how many customers are in each')
    .argument('<campaign>', 'its name or id')
    .option('--text <version>', 'print the text of this version, and the changes since the previous one')
    .action(async (campaign: string, { text }: { text?: string }, command: Command) => {
      await withProduct(dataOf(command), async ({ orm }) => {
        const em = orm.em.fork();
        const { id } = await findCampaign(em, campaign);
        const all = await listVersions(em, id, null, 10_000);
        console.log(text === undefined ? versionTable(all) : versionText(all, text));
      });
    });

/** A version's text, line by line compared with the previous one. @throws Problem not-found */
function versionText(all: readonly ListedVersion[], number: string): string {
  const shown = all.find(({ version }) => String(version) === number);
  if (shown === undefined) throw notFound('version', number);
  const before = all.find(({ version }) => version === shown.version - 1);
  return before === undefined ? shown.source : differenceOf(before.source, shown.source);
}

function versionTable(all: readonly ListedVersion[]): string {
  const table = new Table({ head: ['version', 'state', 'stored', 'launched', 'enrolled', 'under way'], style: { head: [], border: [] } });
  for (const { version, state, createdAt, launchedAt, enrolled, underway } of all)
    table.push([version, state, createdAt.toISOString(), launchedAt?.toISOString() ?? '', enrolled, underway]);
  return table.toString();
}

/** Stores a definition, with what it needs published. @throws Problem conflict if its campaign has ended */
async function store(product: Product, source: string): Promise<CreatedCampaign & { readonly content: PublishedContent }> {
  const { orm, clock, settings } = product;
  const key = keyIn(source);
  const existing = key === undefined ? undefined : await campaignIfAny(orm.em.fork(), key);
  // Before anything is published for it.
  if (existing !== undefined) expectNotEnded(existing);
  const content = await publishNeeds(product, source);
  const known = knownTemplates(content.latest.templates, settings.defaultLocale);
  return { ...(await createCampaign(orm.em.fork(), source, known, clock.now())), content };
}

const steer = (name: 'pause' | 'resume' | 'cancel' | 'complete', description: string): Command =>
  new Command(name)
    .description(description)
    .argument('<campaign>', 'its name or id')
    .action(async (campaign: string, _options: object, command: Command) => {
      await withProduct(dataOf(command), async ({ orm, clock, settings }) => {
        const { id, key } = await findCampaign(orm.em.fork(), campaign);
        const state = await withCampaigns(settings, orm, clock, (campaigns) => campaigns.command(id, name));
        console.log(`${key}: ${state}`);
      });
    });

const status = (): Command =>
  new Command('status')
    .description('show the state and the figures of a campaign')
    .argument('<campaign>', 'its name or id')
    .action(async (campaign: string, _options: object, command: Command) => {
      await withProduct(dataOf(command), async ({ orm, clock }) => {
        const em = orm.em.fork();
        const { id } = await findCampaign(em, campaign);
        const report = await campaignReport(em, id, clock.now());
        const { currency } = report.campaign;
        const money = (minor: number): string => formatMoney({ minor, currency });
        const table = new Table({ style: { head: [], border: [] } });
        table.push(
          ['Campaign', `${report.campaign.title} (${report.campaign.state}, version ${report.campaign.version})`],
          [
            'Entered',
            `${report.entered.total}: ${report.entered.treated} treated, ${report.entered.holdout} held out, ${report.entered.pending} about to enter`,
          ],
          ['Under way', `${report.underway.total}, ${report.underway.paused} paused; ${report.underway.deferred} with a deferred message`],
          [
            'Outcomes',
            Object.entries(report.outcomes)
              .map(([name, count]) => `${name} ${count}`)
              .join(', '),
          ],
          ['Offers', `${report.offers.issued} issued, ${report.offers.accepted} accepted`],
          ['Budget', `${money(report.budget.spent)} spent and ${money(report.budget.reserved)} reserved of ${money(report.budget.cap)}`],
        );
        console.log(table.toString());
      });
    });
