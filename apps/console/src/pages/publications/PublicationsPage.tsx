import { useQuery } from '@tanstack/react-query';
import { asProblem } from '../../api/problem.js';
import { contentFilesQuery, publicationsQuery } from '../../api/queries.js';
import type { DocumentChange, PublicationPage } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { plural } from '../../format/words.js';
import { Failed, Stale } from '../../parts/Failed.js';
import list from '../../parts/list.module.css';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';
import { RowTable } from '../../parts/RowTable.js';
import css from './publications.module.css';

/** The publications with author and time, whether all processes use the latest, and whether the files here are the same. */
export function PublicationsPage() {
  const { data, error, dataUpdatedAt, refetch } = useQuery(publicationsQuery);
  const { data: files } = useQuery(contentFilesQuery);
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the publications" />;
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead
        title="Published"
        sub="Templates, treatments, policy and words, the same for every process. A running campaign keeps its templates."
      />
      <p className={css.said}>{whoUses(data)}</p>
      {files !== undefined && <Differing changes={files.changes} />}
      <div className={list.listCard}>
        <RowTable
          rows={data.items}
          keyOf={({ version }) => version}
          columns={[
            { head: 'Version', cell: ({ version }) => version },
            { head: 'Published', cell: ({ publishedAt }) => moment(publishedAt) },
            {
              head: 'By',
              cell: ({ author, note, restores }) => (
                <>
                  {author}
                  {note !== null && <span className={css.note}>{note}</span>}
                  {restores !== null && <span className={css.note}>Version {restores} again</span>}
                </>
              ),
            },
            { head: 'Changed', cell: ({ changes }) => <Changes changes={changes} /> },
          ]}
        />
      </div>
    </>
  );
}

const words: Readonly<Record<DocumentChange['change'], string>> = { added: 'new', changed: 'changed', removed: 'removed' };
const atOnce = 3;

/** A few are listed; for many, only their number. */
function Changes({ changes }: { readonly changes: readonly DocumentChange[] }) {
  const lines = changes.map(({ path, change }) => (
    <li key={path}>
      <code>{path}</code> {words[change]}
    </li>
  ));
  if (lines.length <= atOnce) return <ul className={css.changes}>{lines}</ul>;
  return (
    <details>
      <summary>{plural(changes.length, 'document')}</summary>
      <ul className={css.changes}>{lines}</ul>
    </details>
  );
}

function Differing({ changes }: { readonly changes: readonly DocumentChange[] }) {
  if (changes.length === 0) return <p className={css.said}>The files beside this server are the same.</p>;
  return (
    <div className={css.differing}>
      <p>
        The files beside this server differ in {plural(changes.length, 'document')}. <code>perennial publish</code> publishes them.
      </p>
      <Changes changes={changes} />
    </div>
  );
}

/** Whether all processes use the latest, and which do not. */
function whoUses({ items, processes }: PublicationPage): string {
  const latest = items[0]?.version ?? 0;
  const behind = processes.filter(({ publication }) => publication < latest);
  if (processes.length === 0) return 'No process has reported its version.';
  if (behind.length === 0) return `All ${plural(processes.length, 'process', 'processes')} use version ${String(latest)}.`;
  return `${behind.map(({ kind, host, publication }) => `The ${kind} on ${host} still uses version ${String(publication)}`).join('. ')}. The latest is ${String(latest)}.`;
}
