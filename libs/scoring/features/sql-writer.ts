/** The parameter that is the instant of reading, in every expression. */
export const at = '$1::timestamptz';

/** Collects the parameters of a statement; the first is the instant of reading. All that comes from a declaration is a parameter. */
export class SqlWriter {
  readonly params: unknown[];

  constructor(readonly instant: Date) {
    this.params = [instant];
  }

  param(value: unknown, type: string): string {
    return `$${String(this.params.push(value))}::${type}`;
  }

  /** What another piece of code writes, which numbers its own parameters from the one that it is given. */
  include(write: (firstParam: number) => { readonly sql: string; readonly params: readonly unknown[] }): string {
    const { sql, params } = write(this.params.length + 1);
    this.params.push(...params);
    return sql;
  }

  /** The instant so long before that of reading. */
  before(ms: number): string {
    return this.param(new Date(this.instant.getTime() - ms), 'timestamptz');
  }

  after(ms: number): string {
    return this.param(new Date(this.instant.getTime() + ms), 'timestamptz');
  }
}

/** An instant as a number: milliseconds since 1970. */
export const instant = (expression: string): string => `(extract(epoch from ${expression}) * 1000)::double precision`;
