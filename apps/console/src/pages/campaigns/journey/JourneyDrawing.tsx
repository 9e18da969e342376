import { Link } from '@tanstack/react-router';
import { count, shortCount } from '../../../format/number.js';
import css from './Journey.module.css';
import type { JourneyDrawing as Drawing, PlacedNode } from './journey-layout.js';

interface JourneyDrawingProps {
  readonly drawing: Drawing;
  readonly campaign: string;
}

/** Boxes over flows. The flows are only visual; the table below has the same figures. */
export function JourneyDrawing({ drawing, campaign }: JourneyDrawingProps) {
  const { width, height } = drawing;
  return (
    <div className={css.scroll} tabIndex={-1}>
      <div className={css.plane} style={{ width, height: height + 4 }}>
        <svg className={css.flows} width={width} height={height + 4} aria-hidden>
          {drawing.flows.map((flow) => (
            <path
              key={flow.id}
              d={flow.path}
              style={{ strokeWidth: flow.thickness }}
              data-tone={flow.tone}
              data-empty={flow.count === 0 || undefined}
            >
              <title>{`${flow.label}: ${count(flow.count)}`}</title>
            </path>
          ))}
        </svg>
        <ol className={css.nodes}>
          {drawing.nodes.map((node) => (
            <li key={node.id} style={{ left: node.x, top: node.y, width: node.width, height: node.height }}>
              <Link
                to="/campaigns/$campaign/enrolments"
                params={{ campaign }}
                search={node.rows}
                className={css.node}
                data-kind={node.kind}
                data-tone={node.tone}
                title={node.detail === '' ? undefined : `${node.title}: ${node.detail}`}
              >
                <NodeText node={node} />
              </Link>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function NodeText({ node }: { readonly node: PlacedNode }) {
  if (node.kind === 'ending' || node.kind === 'held-out') {
    return (
      <>
        <span className={css.title}>{node.title}</span> <b>{count(node.count)}</b>
      </>
    );
  }
  return (
    <>
      <span className={css.text}>
        <span className={css.title}>{node.title}</span> <span className={css.detail}>{node.detail}</span>
        <span className={css.came}>
          <b>{count(node.count)}</b>
          {node.waits && <span className={css.detail}> asked</span>}
        </span>
      </span>{' '}
      {node.waiting > 0 && (
        <span className={css.ring} data-tone={node.tone}>
          {shortCount(node.waiting)}
          <span className={css.unseen}> waiting now</span>
        </span>
      )}
    </>
  );
}
