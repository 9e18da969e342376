import { z } from 'zod';
import type { ScoreReason } from '../../scores/score.entity.js';
import type { ModelForm, ScoresOfAll } from '../model/scorer.js';
import { exposureToChurn } from './exposure.js';
import { countTies, neighboursOf, usualKindWeights } from './neighbours.js';
import { pageRank, passedOn } from './page-rank.js';
import { readNetwork, type Network } from './read-network.js';
import { tiesSettings } from './tie-settings.js';
import { tieKinds, type Ties } from './ties.js';

const stored = z.object({ ties: tiesSettings });

/** Who left within half a year counts, and half as much after two months. */
const lately = { withinDays: 180, halfLifeDays: 60 };

/** The name that the share of a customer's neighbours who left lately has among the reasons. It adds nothing to the score. */
export const exposureName = 'exposure_to_churn';

/**
 * How much each customer matters to others: 1 is the average. Each score depends on all customers, so none is computed for one of them alone.
 *
 * Reasons add up to the score less what everybody has: what comes from those whom the customer referred, lives with, and is in contact with.
 */
export const networkForm: ModelForm = {
  read: (kept) => {
    const { ties } = stored.parse(kept);
    return {
      values: ({ rows }) => new Float64Array(rows).fill(NaN),
      reasons: ({ rows }) => ({ columns: [], base: 0, contributions: new Float64Array(0), remainder: new Float64Array(rows) }),
      ofAll: async (em, population, at) => influenceOf(await readNetwork(em, ties, population, at)),
    };
  },
};

/** The influence of all who are scored, with reasons. */
export function influenceOf(network: Network): ScoresOfAll {
  const { ids, scored, ties, daysSinceChurn } = network;
  const among = tiesAmong(scored, ties);
  const neighbours = neighboursOf(scored, among, usualKindWeights, false);
  const { ranks, converged } = pageRank(neighbours);
  if (!converged) throw new Error('The ranks of the customers did not settle');
  const counts = countTies(scored, among);
  const from = tieKinds.map((kind) => passedOn(neighbours, ranks, neighboursOf(scored, among, only(kind), false)));
  const exposure = exposureToChurn(neighboursOf(ids.length, ties, usualKindWeights, true), daysSinceChurn, lately);
  return {
    ids: ids.slice(0, scored),
    // So that the last digits, which say nothing, do not make a score another one every night.
    values: ranks.map((rank) => Number(rank.toPrecision(9))),
    reasonsOf: (row) => {
      const ofTies = tieKinds.flatMap((feature, kind): ScoreReason[] => {
        const contribution = Number((from[kind]?.[row] ?? 0).toFixed(4));
        return contribution === 0 ? [] : [{ feature, value: counts[feature][row] ?? 0, contribution }];
      });
      const exposed = Number((exposure[row] ?? 0).toFixed(4));
      return [
        ...ofTies.sort((a, b) => b.contribution - a.contribution),
        ...(exposed === 0 ? [] : [{ feature: exposureName, value: exposed, contribution: 0 }]),
      ];
    },
  };
}

const only = (wanted: (typeof tieKinds)[number]) => ({
  referral: wanted === 'referral' ? usualKindWeights.referral : 0,
  household: wanted === 'household' ? usualKindWeights.household : 0,
  contact: wanted === 'contact' ? usualKindWeights.contact : 0,
});

/** Those between customers who are scored: who has left listens to nobody. */
export function tiesAmong(scored: number, { kind, from, to, weight }: Ties): Ties {
  const places = Uint32Array.from(kind.keys()).filter((tie) => (from[tie] ?? 0) < scored && (to[tie] ?? 0) < scored);
  return {
    kind: Uint8Array.from(places, (tie) => kind[tie] ?? 0),
    from: Uint32Array.from(places, (tie) => from[tie] ?? 0),
    to: Uint32Array.from(places, (tie) => to[tie] ?? 0),
    weight: Float64Array.from(places, (tie) => weight[tie] ?? 0),
  };
}
