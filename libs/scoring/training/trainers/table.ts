import { Kinds } from '../../../platform/kinds.js';
import { classifier } from './classifier.js';
import { hazard } from './hazard.js';
import { pagerank } from './pagerank.js';
import { paretoNbd } from './pareto-nbd.js';
import type { Trainer } from './trainer.js';

/** Every model that a declaration can ask for: a new one is a file beside this one, and a line here. */
export const trainers = new Kinds<Trainer>('model', {
  best: classifier('best'),
  logistic: classifier('logistic'),
  boosting: classifier('boosting'),
  blend: classifier('blend'),
  hazard,
  'pareto-nbd': paretoNbd,
  pagerank,
});
