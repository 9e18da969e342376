import { Kinds } from '../../platform/kinds.js';
import { badDebt } from './bad-debt.js';
import { churn } from './churn.js';
import { clv } from './clv.js';
import { crosssell } from './crosssell.js';
import { influence } from './influence.js';
import type { ScoreKind } from './score-kind.js';
import { upsell } from './upsell.js';

/** Every kind of score: a new one is a file beside this one, and a line here. */
const standard = { churn, upsell, crosssell, bad_debt: badDebt, clv, influence } as const satisfies Readonly<Record<string, ScoreKind>>;

export type ScoreName = keyof typeof standard;

export const scoreKinds = new Kinds<ScoreKind, ScoreName>('kind of score', standard);
