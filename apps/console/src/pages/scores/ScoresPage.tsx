import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { scoreKindsQuery } from '../../api/score-queries.js';
import type { ScoreKind } from '../../api/types.js';
import { count } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { Chip } from '../../parts/Chip.js';
import { Failed, Stale } from '../../parts/Failed.js';
import list from '../../parts/list.module.css';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';
import parts from '../../parts/parts.module.css';
import { RowTable, type Column } from '../../parts/RowTable.js';
import { driftWord, figureText, intervalText, titleOf } from './score-words.js';

/** All kinds of score, and what there is of each. */
export function ScoresPage() {
  const { data, error, dataUpdatedAt, refetch } = useQuery(scoreKindsQuery);
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the scores" />;
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead title="Scores" sub="Each name links to how good the score is, what drives it, and which customers it finds." />
      <div className={list.listCard}>
        <RowTable rows={data} keyOf={({ kind }) => kind} columns={columns} />
      </div>
    </>
  );
}

const none = <span className={parts.soft}>none yet</span>;

const columns: readonly [Column<ScoreKind>, ...Column<ScoreKind>[]] = [
  {
    head: 'Score',
    cell: (row) => (
      <Link to="/scores/$kind" params={{ kind: row.kind }}>
        {titleOf(row)}
      </Link>
    ),
  },
  { head: 'In use', cell: ({ champion }) => (champion === null ? none : `version ${String(champion.version)}`) },
  { head: 'Trained', cell: ({ champion }) => (champion === null ? '' : moment(champion.trainedAt)) },
  {
    head: 'AUC, 95% sure',
    cell: ({ champion }) => {
      if (champion === null) return '';
      return champion.auc === null ? figureText(champion.metrics.auc) : `${figureText(champion.auc.value)} (${intervalText(champion.auc)})`;
    },
  },
  { head: 'Drift', cell: (row) => (row.champion === null ? '' : <Chip word={driftWord(row)} />) },
  { head: 'Last sweep', cell: ({ sweep }) => (sweep === null ? '' : <SweepText sweep={sweep} />) },
];

function SweepText({ sweep }: { readonly sweep: NonNullable<ScoreKind['sweep']> }) {
  if (sweep.finishedAt === null) return <>runs since {moment(sweep.at)}</>;
  return (
    <>
      {moment(sweep.finishedAt)}, <span className={parts.soft}>{count(sweep.changed)} changed</span>
    </>
  );
}
