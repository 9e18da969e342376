import { z } from 'zod';
import { answers, journeyAnswers } from '../answers/table.js';
import { duration } from '../written.js';
import { leave, park, ranOut, type StepKind } from './step-kind.js';
import { durationWords } from './step-words.js';

export interface AwaitSpec {
  readonly answerWithinMs: number;
}

/** Waits for an answer. Ways: one for each answer, `silence`, and `otherwise` for all that are not named; `next` means silence too. */
export const awaitAnswer: StepKind<AwaitSpec> = {
  description: 'Waits for an answer, at most until the campaign window ends',
  example: 'await: { answer_within: 4 days }',
  mistakenFor: ['wait_for', 'listen'],
  spec: z.strictObject({ answer_within: duration }).transform((written) => ({ answerWithinMs: written.answer_within })),
  get ways() {
    return [...journeyAnswers(), 'silence', 'otherwise'];
  },
  follows: (written) => (written.has('silence') || written.has('otherwise') ? null : 'silence'),
  words: ({ answerWithinMs }) => ({ title: 'Await answer', detail: durationWords(answerWithinMs) }),
  waits: true,
  takes: ({ answerWithinMs }, way) => (way === 'silence' ? answerWithinMs : 0),
  enter: ({ spec }, { now }) => park(now + spec.answerWithinMs),
  elapsed: () => leave(['silence', 'otherwise', 'next'], ranOut),
  answered: (_step, answer) => leave([answer, 'otherwise'], answers.get(answer).journey?.ending ?? ranOut),
};
