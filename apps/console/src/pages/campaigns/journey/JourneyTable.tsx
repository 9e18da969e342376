import { count } from '../../../format/number.js';
import { CountLink } from '../../../parts/CountLink.js';
import parts from '../../../parts/parts.module.css';
import css from './Journey.module.css';
import type { JourneyModel, JourneyNode } from './journey-model.js';

interface JourneyTableProps {
  readonly model: JourneyModel;
  readonly campaign: string;
}

/** The journey step by step, in words and numbers. */
export function JourneyTable({ model, campaign }: JourneyTableProps) {
  const most = Math.max(1, ...model.nodes.map((node) => node.count));
  const title = (id: string): string => model.nodes.find((node) => node.id === id)?.title ?? id;
  const waysOf = (node: JourneyNode) => model.flows.filter((flow) => flow.from === node.id && flow.count > 0);
  return (
    <table className={parts.table}>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col" className={parts.number}>
            Came
          </th>
          <th scope="col" className={parts.number}>
            Waiting
          </th>
        </tr>
      </thead>
      <tbody>
        {model.nodes.map((node) => (
          <tr key={node.id}>
            <td className={css.stepCell}>
              <CountLink campaign={campaign} rows={node.rows}>
                {node.title}
              </CountLink>
              {node.detail !== '' && <span className={css.detail}> {node.detail}</span>}
              <span className={css.meter} data-tone={node.tone} style={{ width: `${(100 * node.count) / most}%` }} />
              {waysOf(node).length > 0 && (
                <ul className={css.ways}>
                  {waysOf(node).map((flow) => (
                    <li key={flow.id}>
                      {flow.label === 'next' || flow.label === 'treated' ? '' : `${flow.label}, `}to {title(flow.to)}: {count(flow.count)}
                    </li>
                  ))}
                </ul>
              )}
            </td>
            <td className={parts.number}>{count(node.count)}</td>
            <td className={parts.number}>{node.waiting > 0 ? count(node.waiting) : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
