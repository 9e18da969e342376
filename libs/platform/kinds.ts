import { z } from 'zod';

/** What a kind may declare about its name. */
export interface Named {
  /** Other names by which it may be written. It is stored and shown under its own name. */
  readonly aliases?: readonly string[];
}

/**
 * The kinds of one thing (steps, triggers, answers, ...): each is a module under its name, in the order in which they are listed. Other
 * code asks the table what a kind does, and never compares names. An installation may add its own kinds before it starts: the table is not
 * used before that.
 */
export class Kinds<Kind extends object, Name extends string = string> {
  private readonly kinds = new Map<Name, Kind>();
  private readonly nameOf = new Map<string, Name>();
  private readonly listed: Name[] = [];

  /** @param what one of them is called in errors: `step kind` */
  constructor(
    private readonly what: string,
    standard: Readonly<Record<Name, Kind>>,
  ) {
    for (const [name, kind] of Object.entries<Kind>(standard)) this.add(name as Name, kind);
  }

  /** @returns a function that removes it again @throws Error if the name is taken */
  add(name: Name, kind: Kind): () => void {
    const { aliases = [] }: Named = kind;
    const names = [name, ...aliases];
    for (const each of names) {
      if (this.nameOf.has(each)) throw new Error(`The ${this.what} ${each} exists twice`);
      this.nameOf.set(each, name);
    }
    this.kinds.set(name, kind);
    this.listed.push(name);
    return () => {
      for (const each of names) this.nameOf.delete(each);
      this.kinds.delete(name);
      this.listed.splice(this.listed.indexOf(name), 1);
    };
  }

  /** The kind's own name, also if it was written by an alias; undefined if there is no such kind. */
  canonical(name: string): Name | undefined {
    return this.nameOf.get(name);
  }

  find(name: string): Kind | undefined {
    const own = this.nameOf.get(name);
    return own === undefined ? undefined : this.kinds.get(own);
  }

  /** @throws Error if there is none: the name was stored by a release that had this kind */
  get(name: string): Kind {
    const kind = this.find(name);
    if (kind === undefined) throw new Error(`There is no ${this.what} ${name}`);
    return kind;
  }

  has(name: string): name is Name {
    return this.nameOf.has(name);
  }

  /** The schema of the name of one of them. It reads the list at each use. */
  readonly name = oneOf(() => this.listed);

  /** Without aliases, in order. The list itself grows when a kind is added. */
  get names(): readonly Name[] {
    return this.listed;
  }

  /** Every name by which a kind may be written. */
  get written(): readonly string[] {
    return [...this.nameOf.keys()];
  }

  get entries(): readonly (readonly [name: Name, kind: Kind])[] {
    return [...this.kinds];
  }
}

/** The schema of one of several names: like `z.enum`, for a list that may still grow. It reads the names at each use. */
export function oneOf<Name extends string>(names: () => readonly Name[]): z.ZodType<Name, string> {
  const schema = z.string().check(({ value, issues }) => {
    if (!names().some((name) => name === value)) issues.push({ code: 'invalid_value', values: [...names()], input: value });
  });
  return schema.meta({
    get enum() {
      return [...names()];
    },
  }) as z.ZodType<string, string> as z.ZodType<Name, string>;
}
