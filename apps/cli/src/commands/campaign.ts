import { readFile } from 'node:fs/promises';
import Table from 'cli-table3';
import { Command } from 'commander';
import { askProcesses } from '../../../../libs/campaigns/ask-processes.js';
import { createCampaign, findCampaign } from '../../../../libs/campaigns/campaigns.js';
import { needsOf } from '../../../../libs/campaigns/knowledge.js';
import { parseDefinition } from '../../../../libs/campaigns/parse-definition.js';
import { campaignReport } from '../../../../libs/measurement/campaign-report.js';
import { knownTemplates, type KnownTemplates } from '../../../../libs/messaging/templates/template-channels.js';
import { lastLocale } from '../../../../libs/messaging/templates/template-locale.js';
import { loadTemplates } from '../../../../libs/messaging/templates/templates.js';
import { formatMoney } from '../../../../libs/platform/money.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { loadTreatmentFiles, saveTreatments } from '../../../../libs/treatments/treatments.js';
import { askWhereRunning, filesHere, withCampaigns } from '../campaigns.js';
import { withProduct } from '../running.js';
import { enrolCommand } from './enrol.js';

const templateFiles = async (company: string): Promise<KnownTemplates> =>
  knownTemplates(await loadTemplates(projectFile('config', 'templates'), company), company);
const treatmentFiles = () => loadTreatmentFiles(projectFile('config', 'treatments'));
const dataOf = (command: Command): string => command.optsWithGlobals<{ data: string }>().data;

export const campaignCommand = (): Command =>
  new Command('campaign')
    .description('validate, launch and steer campaigns')
    .addCommand(validate())
    .addCommand(launch())
    .addCommand(steer('pause', 'hold everybody where they are; nothing is sent until it is resumed'))
    .addCommand(steer('resume', 'let everybody go on'))
    .addCommand(steer('cancel', 'end every journey of it; what is sent stays sent, open offers are withdrawn'))
    .addCommand(steer('complete', 'let nobody in any more; who is inside goes on'))
    .addCommand(enrolCommand())
    .addCommand(status());

const validate = (): Command =>
  new Command('validate')
    .description('say what is wrong with a definition, and where; a product that runs is asked too, and none is needed')
    .argument('<file>', 'the YAML file')
    .option('--locale <locale>', 'the company’s own locale, which others fall back to (PERENNIAL_DEFAULT_LOCALE)', lastLocale)
    .action(async (file: string, { locale }: { locale: string }, command: Command) => {
      const files = await treatmentFiles();
      const treatments = files.map(({ treatment }) => treatment);
      const definition = parseDefinition(await readFile(file, 'utf8'), { treatments, ...(await templateFiles(locale)) });
      const unasked = await askWhereRunning(dataOf(command), needsOf(definition, files));
      if (unasked !== undefined) console.error(unasked);
      console.log(
        `${definition.title}: fine. ${Object.keys(definition.journey.steps).length} steps, ${definition.holdout * 100}% held out, ${formatMoney(definition.budget)}.`,
      );
    });

const launch = (): Command =>
  new Command('launch')
    .description('store a definition as the campaign’s next version, and let it run')
    .argument('<file>', 'the YAML file')
    .action(async (file: string, _options: object, command: Command) => {
      const source = await readFile(file, 'utf8');
      await withProduct(dataOf(command), async ({ orm, clock, settings }) => {
        const em = orm.em.fork();
        const treatments = await treatmentFiles();
        const known = { ...(await templateFiles(settings.defaultLocale)), treatments: treatments.map(({ treatment }) => treatment) };
        // Before anything is stored: those who would carry it out know what it needs.
        await askProcesses(em, needsOf(parseDefinition(source, known), treatments), await filesHere(settings.defaultLocale));
        await saveTreatments(em, treatments, clock.now());
        const { campaignId, key, version } = await createCampaign(em, source, known, clock.now());
        const state = await withCampaigns(settings, orm, clock, async (campaigns) =>
          (await findCampaign(em, campaignId)).state === 'draft' ? campaigns.command(campaignId, 'launch') : campaigns.wake(),
        );
        console.log(`${key}, version ${version}: ${state ?? 'runs; who enters from now on enters this version'}`);
      });
    });

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
    .description('how a campaign stands')
    .argument('<campaign>', 'its name or id')
    .action(async (campaign: string, _options: object, command: Command) => {
      await withProduct(dataOf(command), async ({ orm, clock }) => {
        const em = orm.em.fork();
        const { id } = await findCampaign(em, campaign);
        const report = await campaignReport(em, id, clock.now());
        const table = new Table({ style: { head: [], border: [] } });
        table.push(
          ['Campaign', `${report.campaign.title} (${report.campaign.state}, version ${report.campaign.version})`],
          [
            'Entered',
            `${report.entered.total}: ${report.entered.treated} treated, ${report.entered.holdout} held out, ${report.entered.pending} about to enter`,
          ],
          ['Under way', `${report.underway.total}, ${report.underway.held} held`],
          [
            'Outcomes',
            Object.entries(report.outcomes)
              .map(([name, count]) => `${name} ${count}`)
              .join(', '),
          ],
          ['Offers', `${report.offers.issued} issued, ${report.offers.accepted} accepted`],
          [
            'Budget',
            `${formatMoney({ minor: report.budget.spent, currency: report.campaign.currency })} spent of ${formatMoney({ minor: report.budget.cap, currency: report.campaign.currency })}`,
          ],
        );
        console.log(table.toString());
      });
    });
