import { duration } from '../written.js';
import { leave, park, ranOut, type StepKind } from './step-kind.js';
import { durationWords } from './step-words.js';

export interface WaitSpec {
  readonly forMs: number;
}

/** Waits for some time. Way: `next`. */
export const wait: StepKind<WaitSpec> = {
  description: 'Waits for some time',
  example: 'wait: 2 days',
  mistakenFor: ['delay', 'sleep', 'pause'],
  spec: duration.transform((forMs) => ({ forMs })),
  ways: [],
  follows: () => 'next',
  words: ({ forMs }) => ({ title: 'Wait', detail: durationWords(forMs) }),
  waits: true,
  takes: ({ forMs }) => forMs,
  enter: ({ spec }, { now }) => park(now + spec.forMs),
  elapsed: () => leave(['next'], ranOut),
};
