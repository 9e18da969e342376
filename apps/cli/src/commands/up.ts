import { Command } from 'commander';
import { readSettings } from '../../../../config/settings.js';
import { start as startApi } from '../../../api/src/main.js';
import { start as startDispatcher } from '../../../dispatcher/src/main.js';
import { start as startWorker } from '../../../worker/src/main.js';
import { announce, withdraw } from '../running.js';
import { startStack } from '../stack/stack.js';
import { untilStopped } from '../until-stopped.js';

export const upCommand = (): Command =>
  new Command('up')
    .description('start the whole product on this machine, in one process, and keep it up until Ctrl-C')
    .action(async (_options: object, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      const closers: (() => Promise<void>)[] = [];
      try {
        const stack = await startStack({
          dataDir: data,
          temporalUi: true,
          ports: { http: 3000, mailPage: 8025, temporalUi: 8233 },
          log: (line) => process.stderr.write(`${line}\n`),
        });
        closers.push(() => stack.stop());
        // On any free port, unless the caller named one.
        const settings = readSettings({ PERENNIAL_WORKER_HEALTH_PORT: '0', PERENNIAL_DISPATCHER_HEALTH_PORT: '0', ...stack.env });
        const api = await startApi(settings);
        closers.push(() => api.close());
        const worker = await startWorker(settings);
        closers.push(() => worker.close());
        const dispatcher = await startDispatcher(settings);
        closers.push(() => dispatcher.close());
        await announce(data, stack.env);
        closers.push(() => withdraw(data));

        console.log(`\nConsole          ${api.url}`);
        for (const { title, page } of stack.parts) if (page !== undefined) console.log(`${title.padEnd(16)} ${page}`);
        for (const [title, { health }] of Object.entries({ Worker: worker, Dispatcher: dispatcher }))
          if (health !== undefined) console.log(`${title.padEnd(16)} ${health}/health/ready`);
        console.log('\nLost the key? `npm run perennial -- key NAME` makes another. Ctrl-C stops everything; the data stay.');

        await untilStopped();
      } finally {
        for (const close of closers.reverse()) await close();
      }
    });
