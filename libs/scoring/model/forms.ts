import { Kinds } from '../../platform/kinds.js';
import { networkForm } from '../influence/network-form.js';
import { hazardForm } from '../lifetime/hazard-form.js';
import { purchasesForm } from '../lifetime/purchases-form.js';
import { classifierForm } from './classifier-form.js';
import type { ModelForm } from './scorer.js';

/** Every form of model that the register can hold: a new one is a file and a line here. */
export const modelForms = new Kinds<ModelForm>('form of model', {
  classifier: classifierForm,
  hazard: hazardForm,
  purchases: purchasesForm,
  network: networkForm,
});
