import { Kinds } from '../../platform/kinds.js';
import { manual } from './manual.js';
import { score } from './score.js';
import type { TriggerKind } from './trigger-kind.js';

/** Every kind of trigger: a new one is a file beside these and a line here. A kind is only ever given what its schema let through. */
export const triggerKinds = new Kinds<TriggerKind>('kind of trigger', { score, manual });
