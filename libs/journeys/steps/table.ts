import { assess } from './assess.js';
import { awaitAnswer } from './await.js';
import { branch } from './branch.js';
import { choose } from './choose.js';
import { exit } from './exit.js';
import { offer } from './offer.js';
import type { StepModule } from './step-module.js';
import { wait } from './wait.js';

/** Every step kind. A new one is a file beside these, a line here and its schema in libs/journeys/step-schemas. */
const table = { assess, choose, offer, await: awaitAnswer, branch, wait, exit } as const satisfies Record<string, StepModule>;

export type StepKind = keyof typeof table;

export const steps: ReadonlyMap<string, StepModule> = new Map(Object.entries(table));

/** @throws Error where no step kind has that name: the graph was stored by a release that had it */
export function stepModule(kind: string): StepModule {
  const module = steps.get(kind);
  if (module === undefined) throw new Error(`There is no step kind ${kind}`);
  return module;
}
