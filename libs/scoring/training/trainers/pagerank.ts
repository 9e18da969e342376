import { Problem } from '../../../platform/problem.js';
import { scoredNow } from '../../features/population.js';
import { influenceOf } from '../../influence/network-form.js';
import { readNetwork, type Network } from '../../influence/read-network.js';
import type { TieSettings, TiesSettings } from '../../influence/tie-settings.js';
import { tieKinds } from '../../influence/ties.js';
import { profileOf } from '../../registry/drift.js';
import type { FeatureFinding } from '../findings.js';
import type { NetworkSize } from '../../registry/score-model.entity.js';
import type { Trainer } from './trainer.js';

const leastTies = 10;

/**
 * Looks who is tied to whom. There is nothing to learn and nothing to measure: what is kept is where the ties are read, and a sweep computes all
 * scores at once. It is refused where there are no ties.
 */
export const pagerank: Trainer = {
  gives: ['influence'],
  reads: { ties: 'needed' },
  train: async (tx, { declared, now }) => {
    const { ties, score, population } = declared;
    if (ties === undefined) throw new Problem('invalid', 'The declaration has no ties', [], 'Declare what binds customers.');
    const network = await readNetwork(tx, ties, scoredNow(population), now);
    const findings = findingsOf(ties, network);
    if (network.ties.kind.length < leastTies)
      throw new Problem(
        'conflict',
        `There are too few ties between customers to train ${score}`,
        findings.map(({ feature, known, what }) => ({ where: `ties.${feature}`, what: what === '' ? `${known} ties` : what })),
        `At least ${leastTies} are needed: import the events or the attribute, or declare where they are.`,
      );
    const { values } = influenceOf(network);
    return {
      parameters: { form: 'network', model: { ties }, reads: { features: {}, population } },
      metrics: { network: sizeOf(network), trainedOn: network.scored, validatedOn: 0, findings, refusedFor: [] },
      refusedFor: [],
      before: null,
      noWorse: true,
      profile: profileOf({ rows: values.length, columns: [] }, values),
      figures: {},
      data: { from: now, until: now },
    };
  },
};

function sizeOf({ scored, ties }: Network): NetworkSize {
  return { customers: scored, tied: new Set([...ties.from, ...ties.to]).size, ties: ties.kind.length };
}

function findingsOf(declared: TiesSettings, { ties }: Network): FeatureFinding[] {
  return tieKinds.flatMap((feature, kind) => {
    const settings = declared[feature];
    if (settings === undefined) return [];
    const known = ties.kind.reduce((sum, each) => sum + Number(each === kind), 0);
    return [{ feature, found: known > 0 ? 'used' : 'missing', known, what: known > 0 ? '' : whyNone(settings) }];
  });
}

function whyNone(settings: TieSettings): string {
  return 'attribute' in settings
    ? `no two customers have the same ${settings.attribute}, or too many do`
    : `no event ${settings.events} names another customer under ${settings.to}, by their number`;
}
