import { Command, InvalidArgumentError } from 'commander';
import { readSettings } from '../../../../config/settings.js';
import { start as startApi } from '../../../api/src/main.js';
import { start as startDispatcher } from '../../../dispatcher/src/main.js';
import { start as startWorker } from '../../../worker/src/main.js';
import { projectContent } from '../../../hosting/open-content.js';
import { personHere } from '../content.js';
import { announce, withdraw } from '../running.js';
import { portNames } from '../stack/part.js';
import type { PortWishes } from '../stack/ports.js';
import { startStack } from '../stack/stack.js';
import { untilStopped } from '../until-stopped.js';

export const upCommand = (): Command =>
  new Command('up')
    .description('start the whole product on this machine, in one process, until Ctrl-C')
    .option('--port <name=number>', `set a port; repeatable; the names are ${portNames.join(', ')}`, readPort, {})
    .addHelpText(
      'after',
      '\nPorts are chosen at the first start and kept. PERENNIAL_HTTP_PORT and PERENNIAL_INBOUND_SMTP_PORT set those two as well.',
    )
    .action(async (options: { readonly port: NonNullable<PortWishes['set']> }, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      const closers: (() => Promise<void>)[] = [];
      try {
        const stack = await startStack({
          dataDir: data,
          temporalUi: true,
          ports: { set: options.port, first: { http: 3000, inboundSmtp: 2525, mailPage: 8025, temporalUi: 8233 } },
          log: (line) => process.stderr.write(`${line}\n`),
        });
        closers.push(() => stack.stop());
        const settings = readSettings(stack.env);
        const api = await startApi(settings, { follow: { folder: projectContent, author: personHere() } });
        closers.push(() => api.close());
        const worker = await startWorker(settings);
        closers.push(() => worker.close());
        const dispatcher = await startDispatcher(settings);
        closers.push(() => dispatcher.close());
        await announce(data, stack.env);
        closers.push(() => withdraw(data));

        const { host, port } = settings.inboundMail;
        const say = (title: string, address: string): void => console.log(`${title.padEnd(16)} ${address}`);
        console.log('');
        say('Console', api.url);
        say('Incoming mail', `smtp://${host}:${port}`);
        for (const { title, page } of stack.parts) if (page !== undefined) say(title, page);
        for (const [title, { health }] of Object.entries({ Worker: worker, Dispatcher: dispatcher }))
          if (health !== undefined) say(title, `${health}/health/ready`);
        console.log('\nLost the key? `perennial key NAME` makes another. Ctrl-C stops everything; the data is kept.');

        await untilStopped();
      } finally {
        for (const close of closers.reverse()) await close();
      }
    });

function readPort(text: string, before: NonNullable<PortWishes['set']>): NonNullable<PortWishes['set']> {
  const [given = '', number = ''] = text.split('=');
  const name = portNames.find((one) => one === given);
  const port = Number(number);
  if (name === undefined) throw new InvalidArgumentError(`The name is one of ${portNames.join(', ')}.`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError('The number is from 1 to 65535.');
  return { ...before, [name]: { port, by: `--port ${name}` } };
}
