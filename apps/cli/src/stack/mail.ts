import { join } from 'node:path';
import { startSmtpSink } from '../../../sandbox/smtp-sink.js';
import type { Part } from './part.js';

/** Receives e-mail: a sink. A stack on a laptop sends nothing to real people, whatever the environment says. */
export const mail: Part = {
  name: 'mail',
  title: 'Mail sink',
  find: (around) =>
    Promise.resolve({
      source: 'this program',
      start: async () => {
        const directory = join(around.dataDir, 'mail');
        const sink = await startSmtpSink({ port: around.ports.smtp, pagePort: around.ports.mailPage, directory });
        return { address: sink.url, env: { PERENNIAL_SMTP_URL: sink.url }, page: sink.pageUrl, stop: () => sink.close() };
      },
    }),
};
