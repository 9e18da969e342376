import { Kinds } from '../../platform/kinds.js';
import type { GraphStep } from '../graph.js';
import { assess } from './assess.js';
import { awaitAnswer } from './await.js';
import { branch } from './branch.js';
import { choose } from './choose.js';
import { exit } from './exit.js';
import { send } from './send.js';
import type { Mention, SentMessage, StepKind } from './step-kind.js';
import { wait } from './wait.js';

/**
 * Every step kind. A new one is a file beside these and a line here; where it asks for an effect of its own, also a file and a
 * line in activities/effects. A kind is only ever given what its own `spec` let through.
 */
export const stepKinds = new Kinds<StepKind>('step kind', { assess, choose, send, await: awaitAnswer, branch, wait, exit });

/** What a step is, does and says, by its kind. @throws Error if the graph was stored by a release that had its kind */
const kindOf = ({ kind }: GraphStep): StepKind => stepKinds.get(kind);

/** The message that a step sends; undefined if it sends none. */
export const messageOf = (step: GraphStep): SentMessage | undefined => kindOf(step).sends?.(step.spec);
/** The treatments of which a step may issue one; undefined if it issues none. */
export const candidatesOf = (step: GraphStep): readonly string[] | undefined => kindOf(step).treats?.(step.spec);
/** What a step speaks of that must exist. */
export const mentionsOf = (step: GraphStep): readonly Mention[] => kindOf(step).mentions?.(step.spec) ?? [];
/** Whether a step hears an answer. */
export const listens = (step: GraphStep): boolean => kindOf(step).answered !== undefined;
