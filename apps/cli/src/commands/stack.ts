import { Command } from 'commander';
import Table from 'cli-table3';
import { startStack } from '../stack/stack.js';
import { announce, withdraw } from '../running.js';
import { untilStopped } from '../until-stopped.js';

export const stackCommand = (): Command =>
  new Command('stack')
    .description(
      'start only the services that the product needs (PostgreSQL, Redis, Temporal, a mail sink, a Twilio double) and print their settings',
    )
    .action(async (_options: object, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      const stack = await startStack({ dataDir: data, temporalUi: true, log: (line) => process.stderr.write(`${line}\n`) });
      await announce(data, stack.env);
      const table = new Table({ head: ['part', 'source', 'page'], style: { head: [], border: [] } });
      for (const { name, source, page } of stack.parts) table.push([name, source, page ?? '']);
      console.log(table.toString());
      for (const [name, value] of Object.entries(stack.env)) console.log(`export ${name}='${value}'`);
      await untilStopped();
      await withdraw(data);
      await stack.stop();
    });
