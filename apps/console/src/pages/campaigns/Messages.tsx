import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ReasonCount } from '../../../../../libs/measurement/report-shape.js';
import type { DecisionFilter, MessageFilter } from '../../api/queries.js';
import type { CampaignReport } from '../../api/types.js';
import { count, money } from '../../format/number.js';
import { channelName, messageWord, plural, shortReason } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import parts from '../../parts/parts.module.css';

/** The messages in the ledger, and the earlier decisions of the contact policy. Each count links to its rows. */
export function Messages({ report }: { readonly report: CampaignReport }) {
  const { messages, decisions } = report;
  const campaign = report.campaign.key;
  const sum = (state: 'planned' | 'rejected' | 'unknown' | 'withdrawn' | 'late'): number =>
    messages.reduce((all, channel) => all + channel[state], 0);
  const ofState = (state: string, words: ReactNode) => <MessageLink key={state} campaign={campaign} rows={{ state }} words={words} />;
  const notSent = (['rejected', 'withdrawn', 'late'] as const).filter((state) => sum(state) > 0);
  const policy = [
    { title: 'Deferred first', kind: 'defer', reasons: decisions.deferred },
    { title: 'Blocked', kind: 'block', reasons: decisions.blocked },
  ].filter(({ reasons }) => reasons.length > 0);
  if (decisions.send === 0 && policy.length === 0) {
    return (
      <Card title="Messages">
        <p className={parts.soft}>No message has been planned yet.</p>
      </Card>
    );
  }
  return (
    <Card title="Messages" aside={`${plural(decisions.send, 'message')} allowed`}>
      <table className={`${parts.table} ${parts.plain}`}>
        <tbody>
          {messages.map(({ channel, accepted, delivered, bounced, segments, cost }) => (
            <Row
              key={channel}
              title={<MessageLink campaign={campaign} rows={{ channel }} words={`${channelName(channel)} accepted`} />}
              said={[
                `delivered ${count(delivered)}`,
                ...(bounced > 0 ? [`bounced ${count(bounced)}`] : []),
                ...(segments > 0 ? [plural(segments, 'segment')] : []),
                ...(cost > 0 ? [`cost ${money(cost, report.campaign.currency)}`] : []),
              ].join(', ')}
              n={accepted + delivered + bounced}
            />
          ))}
          {sum('planned') > 0 && <Row title={ofState('planned', 'Planned')} said="about to be sent" n={sum('planned')} />}
          {policy.map(({ title, kind, reasons }) => (
            <Row
              key={kind}
              title={<DecisionLink campaign={campaign} rows={{ kind }} words={title} />}
              said={inOrder(reasons).map(({ reason, count: n }, at) => (
                <span key={reason}>
                  {at > 0 && ', '}
                  <DecisionLink campaign={campaign} rows={{ kind, reason }} words={`${shortReason(reason)} ${count(n)}`} />
                </span>
              ))}
              n={reasons.reduce((all, { count: n }) => all + n, 0)}
            />
          ))}
          {notSent.length > 0 && (
            <Row
              title="Not sent"
              said={notSent.map((state, at) => (
                <span key={state}>
                  {at > 0 && ', '}
                  {ofState(state, `${messageWord(state).text} ${count(sum(state))}`)}
                </span>
              ))}
              n={notSent.reduce((all, state) => all + sum(state), 0)}
            />
          )}
          {sum('unknown') > 0 && (
            <Row title={ofState('unknown', <Chip word={{ text: 'unknown', tone: 'amber' }} />)} said="to be settled" n={sum('unknown')} />
          )}
        </tbody>
      </table>
    </Card>
  );
}

const inOrder = (reasons: readonly ReasonCount[]): ReasonCount[] => [...reasons].sort((a, b) => b.count - a.count);

function Row({ title, said, n }: { readonly title: ReactNode; readonly said: ReactNode; readonly n: number }) {
  return (
    <tr>
      <td>
        {title} <span className={parts.soft}>{said}</span>
      </td>
      <td className={parts.number}>{count(n)}</td>
    </tr>
  );
}

interface RowsLinkProps<Filter> {
  readonly campaign: string;
  readonly rows: Filter;
  readonly words: ReactNode;
}

function MessageLink({ campaign, rows, words }: RowsLinkProps<MessageFilter>) {
  return (
    <Link to="/campaigns/$campaign/messages" params={{ campaign }} search={rows} className={parts.countLink}>
      {words}
    </Link>
  );
}

function DecisionLink({ campaign, rows, words }: RowsLinkProps<DecisionFilter>) {
  return (
    <Link to="/campaigns/$campaign/decisions" params={{ campaign }} search={rows} className={parts.countLink}>
      {words}
    </Link>
  );
}
