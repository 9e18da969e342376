import { Kinds } from '../../platform/kinds.js';
import { manual } from './manual.js';
import { score } from './score.js';
import type { TriggerKind } from './trigger-kind.js';

/** Every kind of trigger: a new one is a file beside these and a line here. A kind only gets values that its schema accepted. */
export const triggerKinds = new Kinds<TriggerKind>('kind of trigger', { score, manual });
