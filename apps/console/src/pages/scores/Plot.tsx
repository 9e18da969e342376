import css from './scores.module.css';

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly title: string;
}

interface PlotProps {
  readonly x: Axis;
  readonly y: Axis;
  /** In units of the axes, from left to right. */
  readonly line?: readonly (readonly [x: number, y: number])[];
  readonly dots?: readonly (readonly [x: number, y: number])[];
  /** A straight line to compare with, such as where a prediction is right. */
  readonly diagonal?: boolean;
}

/** Points and a line on two axes. Its figures stand in a table beside it. */
export function Plot({ x, y, line = [], dots = [], diagonal = false }: PlotProps) {
  const left = (at: number): number => share(at, x) * 100;
  const top = (at: number): number => (1 - share(at, y)) * 100;
  return (
    <div className={css.plot} aria-hidden>
      <p className={css.axisTitle}>{y.title}</p>
      <div className={css.plotBody}>
        <div className={css.yAxis}>
          {y.ticks.map(({ at, text }) => (
            <span key={at} style={{ top: `${String(top(at))}%` }}>
              {text}
            </span>
          ))}
        </div>
        <div className={css.area}>
          {y.ticks.map(({ at }) => (
            <i key={at} className={css.grid} style={{ top: `${String(top(at))}%` }} />
          ))}
          <svg viewBox="0 0 100 100" preserveAspectRatio="none">
            {diagonal && <line x1={left(x.low)} y1={top(x.low)} x2={left(x.high)} y2={top(x.high)} className={css.right} />}
            <polyline points={line.map(([a, b]) => `${String(left(a))},${String(top(b))}`).join(' ')} className={css.line} />
          </svg>
          {dots.map(([a, b]) => (
            <i key={`${String(a)} ${String(b)}`} className={css.dot} style={{ left: `${String(left(a))}%`, top: `${String(top(b))}%` }} />
          ))}
        </div>
      </div>
      <div className={css.xAxis}>
        {x.ticks.map(({ at, text }) => (
          <span key={at} style={{ left: `${String(left(at))}%`, transform: `translateX(-${String(left(at))}%)` }}>
            {text}
          </span>
        ))}
      </div>
      <p className={css.axisTitle}>{x.title}</p>
    </div>
  );
}

const share = (at: number, { low, high }: Axis): number => (high === low ? 0.5 : (at - low) / (high - low));
