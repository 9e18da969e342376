/** Rows that were skipped for one reason. */
export interface RowErrors {
  /** Without the value that a row has there. */
  readonly reason: string;
  readonly rows: number;
  /** The first of them. */
  readonly lines: readonly number[];
  /** The reason of the first one, its value included. */
  readonly example: string;
}

/** The most distinct reasons; a file has few, and all others count as one more. */
const mostReasons = 200;
const mostLines = 5;
const others = 'other reasons';

/** Counts the reasons for skipped rows, in little memory, however many there are. */
export class ErrorCounts {
  private readonly byReason = new Map<string, { rows: number; lines: number[]; example: string }>();

  add(line: number, reason: string): void {
    const kind = kindOf(reason);
    const key = this.byReason.has(kind) || this.byReason.size < mostReasons ? kind : others;
    const known = this.byReason.get(key) ?? { rows: 0, lines: [], example: reason };
    this.byReason.set(key, known);
    known.rows++;
    if (known.lines.length < mostLines) known.lines.push(line);
  }

  /** The most frequent first. */
  list(): RowErrors[] {
    return [...this.byReason].map(([reason, counted]) => ({ reason, ...counted })).sort((a, b) => b.rows - a.rows);
  }
}

/** A reason without the details of one row: the words of its cells, and line numbers. */
function kindOf(reason: string): string {
  return reason.replace(/(^|; )([^:;"]+: )"[^"]*" /g, '$1$2').replace(/\bline \d+/g, 'another line');
}
