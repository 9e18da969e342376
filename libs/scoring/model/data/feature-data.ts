import type { FeatureDeclaration } from '../../declaration.js';
import type { FeatureRow } from '../features.js';
import type { NumberSettings } from '../linear/design.js';
import { categoryColumn, dataMatrix, numberColumn, type ColumnShape, type DataMatrix } from './data-matrix.js';

type Features = Readonly<Record<string, FeatureDeclaration>>;

/**
 * Customers as a matrix: one column for each declared feature. A value of another type than the declared one is missing.
 * @param shapes of a trained model, whose categories are then known; without them, all categories that occur are
 */
export function featureData(features: Features, rows: readonly FeatureRow[], shapes: readonly ColumnShape[] = []): DataMatrix {
  const shapeOf = new Map(shapes.map((shape) => [shape.name, shape]));
  const columns = Object.entries(features).map(([name, feature]) => {
    const values = rows.map((row) => row[name]);
    switch (feature.type) {
      case 'number':
        return numberColumn(name, values.map((value) => (typeof value === 'number' ? value : undefined)));
      case 'flag':
        return numberColumn(name, values.map((value) => (typeof value === 'boolean' ? value : undefined)));
      case 'category': {
        const shape = shapeOf.get(name);
        const words = values.map((value) => (typeof value === 'string' && Object.hasOwn(feature.same, value) ? feature.same[value] : value));
        return categoryColumn(name, words, shape?.type === 'category' ? shape.words : undefined);
      }
    }
  });
  return dataMatrix(columns);
}

/** How the declared numbers are bent; a flag is a straight line. */
export function numberSettings(features: Features): Record<string, NumberSettings> {
  return Object.fromEntries(
    Object.entries(features).flatMap(([name, feature]) => {
      if (feature.type === 'category') return [];
      return [[name, feature.type === 'number' ? { knots: feature.knots, logarithm: feature.logarithm } : { knots: 2, logarithm: false }]];
    }),
  );
}
