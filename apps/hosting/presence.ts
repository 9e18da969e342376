import { hostname } from 'node:os';
import type { MikroORM } from '@mikro-orm/postgresql';
import { fieldsKnownHere, type Knowledge, type KnowingProcess } from '../../libs/campaigns/knowledge.js';
import { pauseWhatIsUnknown } from '../../libs/lifecycle/pause-by-itself.js';
import type { TemplateFolder } from '../../libs/messaging/templates/template-folder.js';
import { templatesKnown } from '../../libs/messaging/templates/template-knowledge.js';
import { describeFault } from '../../libs/messaging/templates/template-lint.js';
import { clearAlert, clearMendedFiles, raiseAlert } from '../../libs/access/alerts.js';
import type { Clock } from '../../libs/platform/clock.js';
import { newId } from '../../libs/platform/ids.js';
import type { Logger } from '../../libs/platform/log.js';
import { messageOf } from '../../libs/platform/message-of.js';
import { announcePresence, endPresence, presentProcesses, type ProcessKind } from '../../libs/access/processes.js';
import { rereadFields } from '../../libs/segments/fields.js';

/** Real milliseconds between two looks at the files, each with a word to the others. */
const pauseMs = 1_500;

/** A file that is broken, and what is wrong with it, as a line for a person. */
export interface FileFault {
  readonly file: string;
  readonly what: string;
}

export interface PresenceParts {
  readonly orm: MikroORM;
  readonly kind: ProcessKind;
  readonly templates: TemplateFolder;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes in other files that this process looks after. */
  readonly alsoTakeIn?: () => Promise<readonly FileFault[]>;
}

export interface KeptPresence {
  readonly thisProcess: () => Promise<KnowingProcess>;
  close(): Promise<void>;
}

/** What is known here, as `name` tells it: the present files, and for those that are broken what they said before. */
export async function knowingProcess(name: string, templates: TemplateFolder): Promise<KnowingProcess> {
  return { name, knows: { templates: templatesKnown(await templates.now()), fields: fieldsKnownHere() } };
}

/**
 * Tells the other processes that this one is here and what it knows, for as long as it runs. Takes in files that change; a
 * broken one is told in an alert, and what it said before still holds. Live campaigns that need what is not known here any
 * more are paused, before they cost a customer.
 */
export async function keepPresence({ orm, kind, templates, clock, log, alsoTakeIn }: PresenceParts): Promise<KeptPresence> {
  const id = newId();
  const name = `${kind} ${String(process.pid)} on ${hostname()}`;
  let known: Knowledge | undefined;
  let told = '';

  async function look(): Promise<void> {
    const faults = [...templateFaults(await templates.now()), ...attributeFaults(), ...((await alsoTakeIn?.()) ?? [])];
    const { knows } = await knowingProcess(name, templates);
    const em = orm.em.fork();
    await announcePresence(em, {
      id,
      kind,
      host: hostname(),
      pid: process.pid,
      knows: { ...knows, broken: faults.map(({ file }) => file) },
    });
    await tellFaults(faults);
    if (JSON.stringify(knows) !== JSON.stringify(known)) await takeIn(knows);
  }

  async function takeIn(knows: Knowledge): Promise<void> {
    if (known !== undefined) {
      log.info('changed files were taken in');
      await clearChangedTemplates(known, knows);
    }
    // The api carries nothing out.
    const paused = kind === 'api' ? [] : await pauseWhatIsUnknown(orm.em.fork(), kind, knows, clock.now());
    if (paused.length > 0) log.error({ campaigns: paused }, 'campaigns were paused: they need what is not known here');
    known = knows;
  }

  /** What was said of a template, and of none of its files, was said of another text of it. */
  async function clearChangedTemplates(before: Knowledge, after: Knowledge): Promise<void> {
    const changed = Object.keys(before.templates).filter((key) => before.templates[key]?.digest !== after.templates[key]?.digest);
    for (const key of changed) await clearAlert(orm.em.fork(), 'files-broken', key, clock.now());
  }

  async function tellFaults(faults: readonly FileFault[]): Promise<void> {
    const em = orm.em.fork();
    const now = clock.now();
    for (const { file, what } of faults) {
      await raiseAlert(em, { kind: 'files-broken', subject: file, detail: `${what}. What it said before still holds.` }, now);
    }
    // A file that is sound here may be broken beside another process: only where all agree it is mended.
    const present = await presentProcesses<{ readonly broken?: readonly string[] }>(em);
    const broken = [...present.flatMap(({ knows }) => knows.broken ?? []), ...faults.map(({ file }) => file)];
    await clearMendedFiles(em, broken, now);
    const lines = faults.map(({ what }) => what).join('\n');
    if (lines === told) return;
    for (const { what } of faults) log.error({ what }, 'a file is broken; what it said before still holds');
    told = lines;
  }

  const stopping = new AbortController();
  await look();
  const running = (async () => {
    while (await rested(stopping.signal)) {
      await look().catch((error: unknown) => log.warn({ error: messageOf(error) }, 'what is known here could not be told'));
    }
  })();

  return {
    thisProcess: () => knowingProcess(name, templates),
    close: async () => {
      stopping.abort();
      await running;
      await endPresence(orm.em.fork(), id).catch(() => undefined);
    },
  };
}

function templateFaults({ faults }: Awaited<ReturnType<TemplateFolder['now']>>): FileFault[] {
  const first = new Map(faults.map((fault) => [fault.file, describeFault(fault)] as const).reverse());
  return [...first].map(([file, what]) => ({ file: `templates/${file}`, what }));
}

function attributeFaults(): FileFault[] {
  try {
    rereadFields();
    return [];
  } catch (error) {
    return [{ file: 'attributes.yaml', what: `config/attributes.yaml: ${messageOf(error)}` }];
  }
}

/** False at once where it is to stop. */
function rested(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      resolve(!signal.aborted);
    };
    const timer = setTimeout(done, pauseMs);
    signal.addEventListener('abort', done, { once: true });
  });
}
