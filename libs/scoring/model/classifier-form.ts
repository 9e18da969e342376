import { explain, likelihoodsOf } from './classifier.js';
import type { ModelForm } from './scorer.js';
import { readClassifier } from './stored-classifier.js';

/** A calibrated likelihood of a yes or no. */
export const classifierForm: ModelForm = {
  read: (stored) => {
    const classifier = readClassifier(stored);
    return {
      values: (rows) => likelihoodsOf(classifier, rows),
      reasons: (rows) => {
        const { columns, base, contributions, calibration } = explain(classifier, rows);
        return { columns, base, contributions, remainder: calibration };
      },
    };
  },
};
