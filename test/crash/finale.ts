import { optOutAtProvider } from '../../libs/consent/opt-out.js';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openChannels } from '../../libs/channels/set-up.js';
import { sweep } from '../../libs/messaging/ledger/ledger.js';
import { reconcile } from '../../libs/messaging/ledger/reconcile.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { createLogger } from '../../libs/platform/log.js';
import { waitFor } from '../harness/wait-for.js';
import type { Standby } from './dispatcher-child.js';
import type { CompanyContext } from '../../libs/messaging/contract/load-contexts.js';
import type { CrashStage } from './stage.js';

/**
 * Ends the leases of dead dispatchers without waiting: call it only while no dispatcher lives. The sweeper then finds what it would have
 * found a minute later.
 */
export async function letLeasesLapse(stage: CrashStage): Promise<void> {
  const now = stage.clock.now();
  await query(stage.em(), 'update message set lease_until = $1 where lease_until > $1', [now]);
  for (;;) {
    const { released, unknown, late } = await sweep(stage.em(), now);
    if (released + unknown + late === 0) return;
  }
}

/** A dispatcher that nobody kills sends what is left. @param timeoutMs real milliseconds */
export async function sendTheRest(stage: CrashStage, standby: Standby, timeoutMs: number): Promise<void> {
  const last = standby.take();
  await last.go();
  const left = async (): Promise<number> =>
    (await queryOne<{ count: number }>(stage.em(), `select count(*)::int from message where state in ('planned', 'claimed', 'submitting')`))
      ?.count ?? 0;
  await waitFor(async () => (await left()) === 0, timeoutMs, 200);
  await last.close();
}

/** Asks the providers about all unknown messages, after their waiting time. */
export async function reconcileAll(stage: CrashStage): Promise<void> {
  const { settings, clock } = stage;
  const { tokens, content } = stage;
  const { publicUrl } = settings.http;
  const channels = await openChannels(settings, {
    publicUrl,
    companyName: settings.company.name,
    replyDomain: settings.inboundMail.domain,
    tokens,
    clock,
  });
  const companyContext: CompanyContext = {
    publicUrl,
    company: settings.company,
    tokens,
    templatesAt: (publication) => content.templatesAt(publication),
  };
  const log = createLogger('crash test', settings.logLevel);
  await letLeasesLapse(stage);
  let progress: number;
  do {
    const { reconciled, open } = await reconcile(stage.em(), channels, companyContext, clock, log, optOutAtProvider, 0);
    progress = reconciled + open;
  } while (progress > 0);
  await Promise.all([...channels.values()].map((channel) => channel.close()));
}

/** The ids that `perennial messages unknown` lists. @param programs the folder of the compiled processes */
export async function listedByCommand({ env }: CrashStage, programs: string): Promise<ReadonlySet<string>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(programs, 'apps', 'cli', 'src', 'main.js'), 'messages', 'unknown', '--json'],
    { env: { PATH: process.env['PATH'], ...env }, maxBuffer: 64 * 1024 * 1024 },
  );
  return new Set((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id));
}
