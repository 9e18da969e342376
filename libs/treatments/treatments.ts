import type { EntityManager } from '@mikro-orm/postgresql';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { lineOfText, longest } from '../platform/bounds.js';
import { checkShape, placesOf } from '../platform/check-shape.js';
import { parseMoney, whyNoMoney } from '../platform/money.js';
import { Problem } from '../platform/problem.js';
import { readYaml } from '../platform/yaml.js';
import { readWrittenFile } from '../platform/written-file.js';
import type { Field } from '../segments/fields.js';
import { compileRule } from '../segments/rule.js';
import { treatmentKinds, type Treatment, type TreatmentDefinition } from './treatment.entity.js';

const share = z.number().min(0).max(1);
const money = z.string().refine((text) => parseMoney(text) !== undefined, { error: ({ input }) => whyNoMoney(String(input)) });

const schema: z.ZodType<TreatmentDefinition> = z.strictObject({
  treatment: z
    .string()
    .max(longest.key)
    .regex(/^[a-z][a-z0-9-]*$/, 'is small letters, digits and hyphens'),
  title: lineOfText(120),
  kind: z.enum(treatmentKinds),
  eligible: z.string().min(1),
  cost: z.union([
    z.strictObject({ fixed: money }),
    z.strictObject({ percentOfMonthlyCharge: z.number().positive().max(100), months: z.int().min(1).max(60) }),
  ]),
  customerValue: money.optional(),
  validDays: z.int().min(1).max(365),
  prior: z.strictObject({ acceptance: share, uplift: share }),
});

/**
 * Reads one treatment from its YAML.
 * @param fields the fields that its rule may use; by default those of this process
 * @throws Problem invalid, naming every place that is wrong, its rule included
 */
export function parseTreatment(yaml: string, fields?: readonly Field[]): TreatmentDefinition {
  const { data, wrong } = checkShape(schema, readYaml(yaml, 'The treatment'), { written: 'yaml' });
  if (wrong !== undefined) throw new Problem('invalid', 'The treatment is not valid', placesOf(wrong, 'the file'));
  try {
    compileRule(data.eligible, fields);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const places = error.places.map((place) => ({ where: `eligible ${place.where}`, what: place.what }));
    throw new Problem('invalid', 'The treatment is not valid', places);
  }
  return data;
}

/** Every treatment in a folder of `.yaml` files, by name. @throws Problem invalid, with the file's name in each place */
export async function loadTreatmentFiles(dir: string): Promise<TreatmentDefinition[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => {
      try {
        return parseTreatment(await readWrittenFile(join(dir, file), 'treatment'));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        throw new Problem(
          error.kind,
          error.title,
          error.places.map((place) => ({ ...place, where: `${file} ${place.where}` })),
        );
      }
    }),
  );
}

/** Stores these treatments, replacing those of the same name. Versions of campaigns keep their own copy. */
export async function saveTreatments(em: EntityManager, list: readonly TreatmentDefinition[], now: Date): Promise<void> {
  await query(
    em,
    `insert into treatment (key, definition, updated_at)
     select each ->> 'treatment', each, $2 from jsonb_array_elements($1::jsonb) each
     on conflict (key) do update set definition = excluded.definition, updated_at = excluded.updated_at
     where treatment.definition <> excluded.definition`,
    [JSON.stringify(list), now],
  );
}

/** Replaces all stored treatments by these. */
export async function replaceTreatments(tx: EntityManager, list: readonly TreatmentDefinition[], now: Date): Promise<void> {
  await query(tx, 'delete from treatment where key <> all($1::text[])', [list.map(({ treatment }) => treatment)]);
  await saveTreatments(tx, list, now);
}

/** Every stored treatment, by name. */
export async function listTreatments(em: EntityManager): Promise<TreatmentDefinition[]> {
  const rows = await tables<typeof Treatment>(em).selectFrom('Treatment').select('definition').orderBy('key').execute();
  return rows.map((row) => row.definition);
}
