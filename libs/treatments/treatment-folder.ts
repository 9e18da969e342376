import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntityManager } from '@mikro-orm/postgresql';
import { folderStamp } from '../platform/folder-stamp.js';
import { Problem } from '../platform/problem.js';
import type { TreatmentDefinition } from './treatment.entity.js';
import { parseTreatment, saveTreatments } from './treatments.js';

/** A file of a treatment that is broken, and what is wrong with it, as a line for a person. */
export interface TreatmentFault {
  readonly file: string;
  readonly what: string;
}

/** A folder of treatments that people are writing in, while offers are made of them. */
export interface TreatmentFolder {
  /** Stores what its files say now, where they changed since. A broken one changes nothing of what is stored, and is told. */
  takeIn(em: EntityManager, now: Date): Promise<readonly TreatmentFault[]>;
}

export function openTreatments(dir: string): TreatmentFolder {
  let seen: { readonly stamp: string; readonly faults: readonly TreatmentFault[] } | undefined;
  return {
    takeIn: async (em, now) => {
      const stamp = folderStamp(dir);
      if (seen?.stamp === stamp) return seen.faults;
      const { sound, faults } = await readTreatments(dir);
      await saveTreatments(em, sound, now);
      seen = { stamp, faults };
      return faults;
    },
  };
}

async function readTreatments(dir: string): Promise<{ sound: TreatmentDefinition[]; faults: TreatmentFault[] }> {
  const sound: TreatmentDefinition[] = [];
  const faults: TreatmentFault[] = [];
  for (const file of (await readdir(dir)).filter((name) => name.endsWith('.yaml')).sort()) {
    try {
      sound.push(parseTreatment(await readFile(join(dir, file), 'utf8')));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const places = error.places.map(({ where, what }) => `${where} ${what}`).join('; ');
      faults.push({ file: `treatments/${file}`, what: `config/treatments/${file}: ${places}` });
    }
  }
  return { sound, faults };
}
