import type { ReactNode } from 'react';
import css from './list.module.css';

export interface Column<Row> {
  /** The heading of the column, and on a narrow screen of each of its cells. */
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly className?: string | undefined;
}

interface RowTableProps<Row> {
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** The first one names the row. */
  readonly columns: readonly [Column<Row>, ...Column<Row>[]];
  readonly className?: string | undefined;
}

/** The rows of a list, one line each; on a narrow screen one block each. */
export function RowTable<Row>({ rows, keyOf, columns, className }: RowTableProps<Row>) {
  const [name, ...others] = columns;
  return (
    <table className={className === undefined ? css.list : `${css.list} ${className}`}>
      <thead>
        <tr>
          {columns.map(({ head }) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <th scope="row" className={name.className}>
              {name.cell(row)}
            </th>
            {others.map(({ head, cell, className: ofCell }) => (
              <td key={head} data-label={head} className={ofCell}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
