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
 * Every step kind. A new one is a file beside these and a line here; if it has an effect of its own, also a file and a line in
 * activities/effects. A kind only gets what its own `spec` accepted.
 */
export const stepKinds = new Kinds<StepKind>('step kind', { assess, choose, send, await: awaitAnswer, branch, wait, exit });

/** The kind of a step. @throws Error if the graph was stored by a release that had its kind */
const kindOf = ({ kind }: GraphStep): StepKind => stepKinds.get(kind);

/** The message that a step sends; undefined if it sends none. */
export const messageOf = (step: GraphStep): SentMessage | undefined => kindOf(step).sends?.(step.spec);
/** The treatments that a step may issue; undefined if it issues none. */
export const candidatesOf = (step: GraphStep): readonly string[] | undefined => kindOf(step).treats?.(step.spec);
/** What a step refers to and must exist. */
export const mentionsOf = (step: GraphStep): readonly Mention[] => kindOf(step).mentions?.(step.spec) ?? [];
/** Whether a step handles answers. */
export const listens = (step: GraphStep): boolean => kindOf(step).answered !== undefined;
