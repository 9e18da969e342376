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
      const stack = await startStack({
        dataDir: data,
        temporalUi: true,
        ports: { http: 3000, mailPage: 8025, temporalUi: 8233 },
        log: (line) => process.stderr.write(`${line}\n`),
      });
      const settings = readSettings(stack.env);
      const api = await startApi(settings);
      const worker = await startWorker(settings);
      const dispatcher = await startDispatcher(settings);
      await announce(data, stack.env);

      console.log(`\nConsole          ${api.url}`);
      for (const { title, page } of stack.parts) if (page !== undefined) console.log(`${title.padEnd(16)} ${page}`);
      console.log('\nLost the key? `npm run perennial -- key NAME` makes another. Ctrl-C stops everything; the data stay.');

      await untilStopped();
      await withdraw(data);
      await api.close();
      await dispatcher.close();
      await worker.close();
      await stack.stop();
    });
