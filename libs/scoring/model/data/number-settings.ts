import type { Features } from '../../features/feature.js';
import type { NumberSettings } from '../linear/design.js';

/** How the declared numbers are bent; a flag is a straight line. */
export function numberSettings(features: Features): Record<string, NumberSettings> {
  return Object.fromEntries(
    Object.entries(features).flatMap(([name, feature]) => {
      if (feature.type === 'category') return [];
      return [[name, feature.type === 'number' ? { knots: feature.knots, logarithm: feature.logarithm } : { knots: 2, logarithm: false }]];
    }),
  );
}
