import Table from 'cli-table3';

/** The output of a bench. */
export interface BenchReport {
  row(name: string, value: number, unit: string): void;
}

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Collects rows and prints them: a table for people and, with `json`, one last line for programs. */
export function createReport(bench: string): BenchReport & { print(options: { json: boolean }): void } {
  const rows: BenchRow[] = [];
  return {
    row: (name, value, unit) => void rows.push({ name, value, unit }),
    print: ({ json }) => {
      const table = new Table({ head: [bench, 'value', 'unit'], style: { head: [], border: [] }, colAligns: ['left', 'right', 'left'] });
      for (const { name, value, unit } of rows) table.push([name, rounded(value), unit]);
      console.log(table.toString());
      if (json) console.log(JSON.stringify({ bench, rows }));
    },
  };
}

/** Four significant figures, and no exponent. */
function rounded(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 4, useGrouping: false }).format(value);
}
