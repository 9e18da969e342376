import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { templatesQuery } from '../../api/queries.js';
import { channelName } from '../../format/words.js';
import { Failed, Stale } from '../../parts/Failed.js';
import list from '../../parts/list.module.css';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';

/** The published messages that campaigns may name. */
export function TemplatesPage() {
  const { data, error, dataUpdatedAt, refetch } = useQuery(templatesQuery);
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the templates" />;
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead title="Templates" sub="The published texts of campaigns. A running campaign keeps the texts that it was launched with." />
      {data.items.length === 0 ? (
        <p className={list.nobody}>There is no template that can be sent.</p>
      ) : (
        <div className={list.listCard}>
          <table className={list.list}>
            <thead>
              <tr>
                <th scope="col">Template</th>
                <th scope="col">Subject, for a sample customer</th>
                <th scope="col">Channels</th>
                <th scope="col">Languages</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map(({ template, subject, channels, locales }) => (
                <tr key={template}>
                  <th scope="row">
                    <Link to="/templates/$template" params={{ template }}>
                      {template}
                    </Link>
                  </th>
                  <td data-label="Subject">{subject}</td>
                  <td data-label="Channels">{channels.map(channelName).join(', ')}</td>
                  <td data-label="Languages">{locales.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
