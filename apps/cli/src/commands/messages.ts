import { userInfo } from 'node:os';
import Table from 'cli-table3';
import { Argument, Command, Option } from 'commander';
import {
  listUnknown,
  settleByHand,
  verdicts,
  type UnknownMessage,
  type Verdict,
} from '../../../../libs/messaging/ledger/reconcile-by-hand.js';
import { isId } from '../../../../libs/platform/ids.js';
import { notFound } from '../../../../libs/platform/problem.js';
import { withProduct } from '../running.js';

const dataOf = (command: Command): string => command.optsWithGlobals<{ data: string }>().data;

export const messagesCommand = (): Command =>
  new Command('messages')
    .description('list messages that may or may not have been sent, and settle them')
    .addCommand(unknown())
    .addCommand(settle());

const unknown = (): Command =>
  new Command('unknown')
    .description('list every message that its provider neither confirmed nor refused; none of them is sent again')
    .option('--json', 'one JSON array instead of a table')
    .action(async ({ json }: { json?: true }, command: Command) => {
      await withProduct(dataOf(command), async ({ orm, settings }) => {
        const messages = await listUnknown(orm.em.fork(), settings.inboundMail.domain);
        console.log(json === true ? JSON.stringify(messages) : tableOf(messages));
      });
    });

const settle = (): Command =>
  new Command('settle')
    .description('record what the provider’s log says about an unknown message; it cannot be undone')
    .addArgument(new Argument('<id>', 'the message, as `messages unknown` lists it'))
    .addOption(
      new Option('--as <verdict>', 'sent: it is recorded as accepted; not-sent: its journey takes the next channel')
        .choices(verdicts)
        .makeOptionMandatory(),
    )
    .action(async (id: string, { as }: { as: Verdict }, command: Command) => {
      if (!isId(id)) throw notFound('message', id);
      await withProduct(dataOf(command), async ({ orm, clock }) => {
        const { state } = await settleByHand(orm.em.fork(), id, as, `cli:${userInfo().username}`, clock.now());
        console.log(`${id}: ${state}`);
      });
    });

function tableOf(messages: readonly UnknownMessage[]): string {
  if (messages.length === 0) return 'No message is unknown: for every message it is known whether it was sent.';
  const table = new Table({
    head: ['message', 'campaign', 'channel', 'submitted', 'search for', 'error'],
    style: { head: [], border: [] },
  });
  for (const { id, campaign, channel, submittedAt, searchFor, errorCode } of messages)
    table.push([id, campaign ?? 'none', channel, submittedAt?.toISOString() ?? '', searchFor ?? 'recipient and time', errorCode ?? '']);
  return `${table.toString()}
Search the mail server’s (or the provider’s) log for each. Then, for one that was accepted:
  perennial messages settle <message> --as sent
and for one that never arrived there, whose journey then uses the next channel:
  perennial messages settle <message> --as not-sent`;
}
