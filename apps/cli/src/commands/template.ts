import { Command } from 'commander';
import { describeFault } from '../../../../libs/messaging/templates/template-lint.js';
import { lastLocale } from '../../../../libs/messaging/templates/template-locale.js';
import { checkTemplates } from '../../../../libs/messaging/templates/templates.js';
import { projectFile } from '../../../../libs/platform/project-file.js';

export const templateCommand = (): Command =>
  new Command('template').description('check the messages that campaigns send').addCommand(lint());

const lint = (): Command =>
  new Command('lint')
    .description('say what is wrong with the templates, and where; needs nothing running')
    .argument('[folder]', 'where they are', projectFile('config', 'templates'))
    .option('--locale <locale>', 'the company’s own locale, which others fall back to (PERENNIAL_DEFAULT_LOCALE)', lastLocale)
    .action(async (folder: string, { locale }: { locale: string }) => {
      const { templates, faults } = await checkTemplates(folder, locale);
      for (const fault of faults) console.log(describeFault(fault));
      if (faults.length > 0) process.exitCode = 1;
      else console.log(templates.keys.map((key) => `${key}: fine, in ${templates.locales(key).join(', ')}`).join('\n'));
    });
