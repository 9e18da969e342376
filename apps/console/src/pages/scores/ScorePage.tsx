import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { scoreKindsQuery, scoreVersionQuery, scoreVersionsQuery, useScoreCommand } from '../../api/score-queries.js';
import type { ScoreKind } from '../../api/types.js';
import { count } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { Chip } from '../../parts/Chip.js';
import { Blank, Failed, Refused, Stale } from '../../parts/Failed.js';
import { Loading } from '../../parts/Loading.js';
import { Notice } from '../../parts/Notice.js';
import { PageHead } from '../../parts/PageHead.js';
import { useSaid } from '../../parts/use-said.js';
import { Verdict } from '../../parts/Verdict.js';
import { Calibration } from './Calibration.js';
import { Distribution } from './Distribution.js';
import { Drift } from './Drift.js';
import { Drivers } from './Drivers.js';
import { Figures } from './Figures.js';
import { driftWord, titleOf, trustSentences } from './score-words.js';
import css from './scores.module.css';
import { Versions } from './Versions.js';

const route = getRouteApi('/scores/$kind');

/** One kind of score: whether it can be trusted, what drives it, and whom it finds. */
export function ScorePage() {
  const { kind: name } = route.useParams();
  const { version: asked } = route.useSearch();
  const { data: kinds, error, dataUpdatedAt, refetch } = useQuery(scoreKindsQuery);
  const { data: versions = [] } = useQuery(scoreVersionsQuery(name));
  const kind = kinds?.find((each) => each.kind === name);
  const shown = asked ?? kind?.champion?.version ?? versions[0]?.version;
  const { data: version, error: noVersion } = useQuery(scoreVersionQuery(name, shown));
  const sweep = useScoreCommand(name);
  const { said, say } = useSaid();
  if (!kinds && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!kinds) return <Loading what="Loading the score" />;
  if (!kind) return <Blank title={`There is no score ${name}`}>{<Link to="/scores">All scores</Link>}</Blank>;
  const { champion } = kind;
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead
        title={titleOf(kind)}
        up={<Link to="/scores">Scores</Link>}
        chip={champion !== null && <Chip dot word={driftWord(kind)} />}
        sub={factsOf(kind).join(' · ')}
        actions={
          champion !== null && (
            <Button
              variant="default"
              loading={sweep.isPending}
              onClick={() => sweep.mutate('sweep', { onSuccess: () => say('A sweep runs: scores that changed appear as it goes on.') })}
            >
              Score everybody now
            </Button>
          )
        }
      />
      {said}
      {sweep.error && <Refused problem={asProblem(sweep.error)} />}
      {champion === null ? (
        <NoModel kind={kind} />
      ) : (
        <Verdict
          question="Can it be trusted?"
          answer={trustSentences(kind, shown === champion.version ? version?.figures?.intervals : undefined)}
        />
      )}
      {noVersion && <Refused problem={asProblem(noVersion)} />}
      {version && shown !== champion?.version && (
        <Notice>
          The figures below are those of version {version.version}, which is not in use.{' '}
          {champion !== null && (
            <Link to="/scores/$kind" params={{ kind: name }}>
              Show version {champion.version}
            </Link>
          )}
        </Notice>
      )}
      <div className={css.cards}>
        {version && (
          <div className={css.wide}>
            <Figures version={version} />
          </div>
        )}
        {version?.figures?.drivers && <Drivers figures={version.figures} titles={version.titles} />}
        <div className={css.column}>
          {version?.figures?.calibration && <Calibration of={version.figures.calibration} kind={name} />}
          {kind.drift && <Drift drift={kind.drift} />}
        </div>
        <div className={css.wide}>
          <Distribution kind={kind} />
        </div>
        {versions.length > 0 && (
          <div className={css.wide}>
            <Versions kind={kind} versions={versions} done={say} />
          </div>
        )}
      </div>
    </>
  );
}

function factsOf({ kind, champion, challenger, sweep }: ScoreKind): string[] {
  return [
    `score.${kind} in rules`,
    ...(champion === null
      ? []
      : [`version ${String(champion.version)}, trained ${moment(champion.trainedAt)} on ${count(champion.metrics.trainedOn)}`]),
    ...(challenger === null ? [] : [`version ${String(challenger)} in shadow`]),
    ...(sweep === null ? [] : [sweep.finishedAt === null ? 'a sweep is running' : `everybody looked at ${moment(sweep.finishedAt)}`]),
  ];
}

/** What to do where nothing was trained. */
function NoModel({ kind: { kind, versions, title } }: { readonly kind: ScoreKind }) {
  return (
    <Notice>
      <b>{versions === 0 ? 'No model of this score was trained yet.' : 'No version of this score is in use.'}</b>{' '}
      {title === null && (
        <>
          Declare it in <code>config/scores/{kind}.yaml</code> and publish that.{' '}
        </>
      )}
      {versions === 0 ? (
        <>
          Train it with <code>perennial scores train {kind}</code>, or send scores of your own with <code>POST /v1/scores</code>.
        </>
      ) : (
        <>Promote one of the versions below, or train another.</>
      )}
    </Notice>
  );
}
