import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { openAlertsQuery, pastAlertsQuery } from '../../api/queries.js';
import type { Alert } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { plural } from '../../format/words.js';
import { Failed, Stale } from '../../parts/Failed.js';
import { ListBody } from '../../parts/ListBody.js';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';
import { RowTable } from '../../parts/RowTable.js';
import { alertText } from './alert-words.js';
import css from './alerts.module.css';
import { Providers } from './Providers.js';

/** What somebody has to check now, the state of the providers, and past alerts. */
export function AlertsPage() {
  const { data, error, dataUpdatedAt, refetch } = useQuery(openAlertsQuery);
  const past = useInfiniteQuery(pastAlertsQuery);
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the alerts" />;
  const open = data.items;
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead title="Alerts" sub={open.length === 0 ? 'Nothing needs attention.' : `${plural(open.length, 'alert')} need attention.`} />
      {open.map((alert) => (
        <OpenAlert key={alert.id} alert={alert} />
      ))}
      <h2 className={css.heading}>Providers</h2>
      <Providers />
      <h2 className={css.heading}>Earlier</h2>
      <ListBody list={past} what="earlier alerts" nobody="There were no earlier alerts.">
        {(rows) => (
          <RowTable
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                head: 'What happened',
                className: css.what,
                cell: (alert) => (
                  <>
                    {alertText(alert).title}
                    <span className={css.detail}>{alert.detail}</span>
                  </>
                ),
              },
              { head: 'From', cell: ({ raisedAt }) => moment(raisedAt) },
              { head: 'Until', cell: ({ clearedAt }) => (clearedAt === null ? '' : moment(clearedAt)) },
            ]}
          />
        )}
      </ListBody>
    </>
  );
}

function OpenAlert({ alert }: { readonly alert: Alert }) {
  const { title, meaning, whatToDo } = alertText(alert);
  return (
    <article className={css.alert}>
      <h2>{title}</h2>
      <p className={css.since}>
        Since {moment(alert.raisedAt)}. {alert.detail.replace(/\.$/, '')}.
      </p>
      <p>{meaning}</p>
      <p>
        <b>What to do:</b> {whatToDo}
      </p>
      {alert.kind === 'campaign-paused' && (
        <p>
          <Link to="/campaigns/$campaign/messages" params={{ campaign: alert.subject }} search={{ state: 'bounced' }}>
            See what came back
          </Link>{' '}
          ·{' '}
          <Link to="/campaigns/$campaign" params={{ campaign: alert.subject }}>
            To the campaign
          </Link>
        </p>
      )}
    </article>
  );
}
