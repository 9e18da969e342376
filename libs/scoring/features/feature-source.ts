import type { z } from 'zod';
import type { FeatureDeclaration } from './feature.js';
import type { Aged } from './ages.js';
import type { RelationName } from './relations.js';
import type { SqlWriter } from './sql-writer.js';
import type { Window } from './windows.js';

/** How a feature is read: one expression over a customer, or over all of a customer's rows of one relation. */
export interface FeatureSql {
  readonly from: RelationName;
  /** A number, a text or a boolean; null, or a value of another type than the feature's, where it is not known. Over rows, an aggregate. */
  readonly value: string;
  /** What it is for a customer without any row; null where it is left out. */
  readonly none?: string;
  /** Makes a number of days of what the value is: in SQL the same would be written out many times over. */
  readonly days?: (read: unknown, now: number) => Aged;
  /** What the value counts or adds up: it is another once a row leaves. */
  readonly windows?: readonly Window[];
  /** How far back from the instant of reading rows matter, in milliseconds; left out where all do. */
  readonly reachMs?: number;
  /** Rows later than the instant of reading matter too: what was announced, or what is to be predicted. */
  readonly ahead?: true;
  /** Of a customer's own row: the field that is read, as domain events name it. */
  readonly field?: string;
  /** Of events: no other kinds matter. */
  readonly kinds?: readonly string[];
}

/** One kind of source: how a feature that is read from it is written, read, and put in words. */
export interface FeatureSource {
  /** The shape of such a feature in a declaration. */
  readonly schema: z.ZodType<FeatureDeclaration>;
  /**
   * Whether it says what was known at an instant in the past. What has no history is used in training at past cuts only where it is declared `fixed`
   * or `known_before`.
   */
  readonly history: boolean;
  /** @param name of the feature */
  sql(declared: FeatureDeclaration, name: string, writer: SqlWriter): FeatureSql;
  /** What it is, for a person who reads why a score is as it is: `payment.failed in 90 days`. */
  words(declared: FeatureDeclaration, name: string): string;
}

/** The same, as a source states it: by the declared shape of its own. */
interface OwnSource<Declared extends FeatureDeclaration> {
  readonly schema: z.ZodType<Declared>;
  readonly history: boolean;
  sql(declared: Declared, name: string, writer: SqlWriter): FeatureSql;
  words(declared: Declared, name: string): string;
}

/** Makes a source. The table hands it only what its own schema has read. */
export function featureSource<Declared extends FeatureDeclaration>(own: OwnSource<Declared>): FeatureSource {
  return {
    ...own,
    sql: (declared, name, writer) => own.sql(declared as Declared, name, writer),
    words: (declared, name) => own.words(declared as Declared, name),
  };
}
