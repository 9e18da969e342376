import { steps, type StepKind } from '../steps/table.js';
import { assess } from './assess.js';
import { awaitAnswer } from './await.js';
import { branch } from './branch.js';
import { choose } from './choose.js';
import { exit } from './exit.js';
import { offer } from './offer.js';
import type { StepSchema } from './step-schema.js';
import { wait } from './wait.js';

const table = { assess, choose, offer, await: awaitAnswer, branch, wait, exit } satisfies Record<StepKind, unknown>;

/** How each step kind is written. A schema is only ever given what its own `spec` let through. */
export const stepSchemas: ReadonlyMap<string, StepSchema> = new Map(Object.entries(table as unknown as Record<string, StepSchema>));

for (const kind of new Set([...steps.keys(), ...stepSchemas.keys()])) {
  if (!steps.has(kind) || !stepSchemas.has(kind))
    throw new Error(`Step kind ${kind} has ${steps.has(kind) ? 'no schema' : 'nothing that it does'}`);
}
