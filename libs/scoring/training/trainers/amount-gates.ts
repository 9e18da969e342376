import type { AmountQuality } from '../../registry/score-model.entity.js';

const mostMiscalibrated: Readonly<Record<AmountQuality['unit'], number>> = { months: 0.1, 'minor units': 0.3 };

/** Why amounts must not be used, as sentences: what every model of amounts must reach on what it did not learn from. */
export function whyAmountNotUsed({ rankCorrelation, calibrationError, meanError, naiveError, unit }: AmountQuality): string[] {
  const most = mostMiscalibrated[unit];
  return [
    ...(rankCorrelation > 0.05
      ? []
      : [
          `it does not put customers in order: its rank correlation with what is observed is ${rankCorrelation.toFixed(3)}, and 0 is chance`,
        ]),
    ...(meanError <= naiveError
      ? []
      : [`it is off by ${meanError.toFixed(1)} ${unit} on average, and by ${naiveError.toFixed(1)} if everybody is taken for the average`]),
    ...(calibrationError <= most
      ? []
      : [
          `all its predictions together are off by ${(100 * calibrationError).toFixed(0)}%, and more than ${(100 * most).toFixed(0)}% is too much`,
        ]),
  ];
}
