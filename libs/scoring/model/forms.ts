import { Kinds } from '../../platform/kinds.js';
import { classifierForm } from './classifier-form.js';
import type { ModelForm } from './scorer.js';

/** Every form of model that the register can hold: a new one is a file and a line here. */
export const modelForms = new Kinds<ModelForm>('form of model', { classifier: classifierForm });
