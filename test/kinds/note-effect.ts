import type { Performer } from '../../activities/effects/performer.js';
import type { NoteEffect, Noted } from './note.js';

export const performNote: Performer<NoteEffect, Noted> = {
  pausable: true,
  perform: (_tx, _context, { says }) => Promise.resolve({ kind: 'noted', length: says.length }),
};
