import { z } from 'zod';
import type { StepEffect, StepResult } from '../../libs/journeys/effects.js';
import { leave, perform, ranOut, type StepKind } from '../../libs/journeys/steps/step-kind.js';

interface NoteSpec {
  readonly says: string;
}
export interface NoteEffect extends StepEffect<'note'> {
  readonly says: string;
}
export interface Noted extends StepResult<'noted'> {
  readonly length: number;
}

/** A made-up step kind with an effect of its own. */
export const note: StepKind<NoteSpec, Noted> = {
  description: 'Writes a note about the customer',
  example: 'note: { says: looks sad }',
  spec: z.strictObject({ says: z.string() }),
  ways: ['empty'],
  follows: () => 'next',
  words: ({ says }) => ({ title: 'Note', detail: says }),
  waits: false,
  enter: ({ id, spec }, { occurrence }) => perform({ kind: 'note', step: id, occurrence, says: spec.says } satisfies NoteEffect),
  effect: 'note',
  results: ['noted'],
  performed: (_step, { length }) => (length === 0 ? leave(['empty'], 'declined') : leave(['next'], ranOut)),
};
