import { z } from 'zod';

/** What a kind may say of its name. */
export interface Named {
  /** Other names by which it may be written; it is stored and shown by its own. */
  readonly aliases?: readonly string[];
}

/**
 * The kinds of one thing (steps, triggers, answers, ...): each a module under its name, in the order in which they are listed.
 * Everybody asks the table for what a kind does; nobody compares names. An installation may add kinds of its own before it
 * starts: the first question about a name is asked after that.
 */
export class Kinds<Kind extends object, Name extends string = string> {
  private readonly kinds = new Map<Name, Kind>();
  private readonly nameOf = new Map<string, Name>();
  private readonly listed: Name[] = [];

  /** @param what one of them is called, for errors: `step kind` */
  constructor(
    private readonly what: string,
    standard: Readonly<Record<Name, Kind>>,
  ) {
    for (const [name, kind] of Object.entries<Kind>(standard)) this.add(name as Name, kind);
  }

  /**
   * @returns what takes it away again
   * @throws Error where the name is taken
   */
  add(name: Name, kind: Kind): () => void {
    const { aliases = [] }: Named = kind;
    const names = [name, ...aliases];
    for (const each of names) {
      if (this.nameOf.has(each)) throw new Error(`There are two of the ${this.what} ${each}`);
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

  /** Its own name, where it was written by another; undefined where there is none. */
  canonical(name: string): Name | undefined {
    return this.nameOf.get(name);
  }

  find(name: string): Kind | undefined {
    const own = this.nameOf.get(name);
    return own === undefined ? undefined : this.kinds.get(own);
  }

  /** @throws Error where there is none: what names it was stored by a release that had it */
  get(name: string): Kind {
    const kind = this.find(name);
    if (kind === undefined) throw new Error(`There is no ${this.what} ${name}`);
    return kind;
  }

  has(name: string): name is Name {
    return this.nameOf.has(name);
  }

  /** The schema of the name of one of them, as they are when it is asked. */
  readonly name = oneOf(() => this.listed);

  /** Without aliases, in order. The list itself grows where a kind is added. */
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

/** The schema of one of several names. As `z.enum`, of names that may still become more: they are asked for at each use. */
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
