import type { ReactNode } from 'react';
import css from './parts.module.css';

interface FigureTableProps {
  /** What the figures are of, as in "The calibration". */
  readonly of: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}

/** The figures of a chart as a table, for whoever cannot see it or wants them exactly. The first column names the row. */
export function FigureTable({ of, head, rows }: FigureTableProps) {
  return (
    <details className={css.figures}>
      <summary>{of} as a table</summary>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={of}>
        <table className={css.table}>
          <thead>
            <tr>
              {head.map((name, place) => (
                <th key={name} scope="col" className={place === 0 ? undefined : css.number}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells], row) => (
              <tr key={row}>
                <td>{name}</td>
                {cells.map((cell, place) => (
                  <td key={head[place + 1]} className={css.number}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
