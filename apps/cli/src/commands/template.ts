import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { describeError } from '../../../../libs/content/content-kind.js';
import { readDocuments } from '../../../../libs/content/documents.js';
import { lastLocale } from '../../../../libs/channels/contract/template-locale.js';
import { isTemplateFile } from '../../../../libs/messaging/templates/template-files.js';
import { checkTemplates } from '../../../../libs/messaging/templates/templates.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { projectFile } from '../../../../libs/platform/project-file.js';

export const templateCommand = (): Command =>
  new Command('template').description('check the messages that campaigns send').addCommand(lint());

const lint = (): Command =>
  new Command('lint')
    .description('report errors in the templates, with their places; needs no running product')
    .argument('[folder]', 'the folder of all templates', projectFile('config', 'templates'))
    .option('--locale <locale>', 'the company’s own locale, which others fall back to (PERENNIAL_DEFAULT_LOCALE)', lastLocale)
    .action(async (folder: string, { locale }: { locale: string }) => {
      if (!existsSync(folder)) throw new Problem('not-found', `There is no folder ${folder}`);
      const { templates, errors } = await checkTemplates(await readDocuments(folder, isTemplateFile), locale);
      if (templates.keys.length === 0 && errors.length === 0) {
        const remedy = 'Name the folder of all templates: each template is a folder in it, as in save-offer/en.yaml.';
        throw new Problem('not-found', `There are no templates in ${folder}`, [], remedy);
      }
      for (const error of errors) console.log(describeError(error));
      if (errors.length > 0) process.exitCode = 1;
      else console.log(templates.keys.map((key) => `${key}: fine, in ${templates.locales(key).join(', ')}`).join('\n'));
    });
