import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { crossingsQuery, scoreVersionQuery, useScoreCommand } from '../../api/score-queries.js';
import type { ScoreKind, ScoreVersion } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import { ConfirmDialog } from '../../parts/ConfirmDialog.js';
import parts from '../../parts/parts.module.css';
import { crossingsText } from './crossings-text.js';
import { figureText, titleOf, versionWord } from './score-words.js';
import css from './scores.module.css';

interface VersionsProps {
  readonly kind: ScoreKind;
  readonly versions: readonly ScoreVersion[];
  /** Says what was done. */
  readonly done: (words: string) => void;
}

/** A version that is about to be put to use, and how. */
interface Asked {
  readonly version: number;
  readonly back: boolean;
}

/** All versions of a score; another can be put to use, and the last promotion taken back. */
export function Versions({ kind, versions, done }: VersionsProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const act = useScoreCommand(kind.kind);
  const { data: champion } = useQuery(scoreVersionQuery(kind.kind, kind.champion?.version));
  const { data: crossings } = useQuery(crossingsQuery(kind.kind, asked?.version));
  const before = champion?.replaced ?? null;
  const ask = (next: Asked): void => {
    act.reset();
    setAsked(next);
  };
  const close = (): void => setAsked(null);
  return (
    <Card
      title="Versions"
      aside={
        before !== null && (
          <Button variant="default" size="compact-sm" onClick={() => ask({ version: before, back: true })}>
            Roll back to version {before}
          </Button>
        )
      }
    >
      <div className={parts.scroll} tabIndex={0} role="group" aria-label="All versions">
        <table className={`${parts.table} ${css.versions}`}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col">Trained</th>
              <th scope="col" className={parts.number}>
                AUC
              </th>
              <th scope="col" className={parts.number}>
                Log-loss
              </th>
              <th scope="col">Use</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((each) => (
              <tr key={each.version}>
                <td>
                  <Link to="/scores/$kind" params={{ kind: kind.kind }} search={{ version: each.version }}>
                    {each.version}
                  </Link>
                </td>
                <td>
                  <Chip word={versionWord(each)} />
                </td>
                <td>{moment(each.trainedAt)}</td>
                <td className={parts.number}>{figureText(each.metrics.auc)}</td>
                <td className={parts.number}>{figureText(each.metrics.logLoss)}</td>
                <td>
                  {each.state !== 'champion' && each.refusedFor.length === 0 && (
                    <Button size="compact-sm" onClick={() => ask({ version: each.version, back: false })}>
                      Promote version {each.version}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ConfirmDialog
        opened={asked !== null}
        close={close}
        question={
          asked?.back === true
            ? `Roll “${titleOf(kind)}” back to version ${String(asked.version)}?`
            : `Put version ${String(asked?.version ?? '')} of “${titleOf(kind)}” to use?`
        }
        consequences={{
          Customers: crossingsText(crossings),
          When: 'Scores change with the next sweep, and who then rises above a threshold is enrolled.',
          Undo:
            kind.champion === null
              ? 'Another version can be promoted later.'
              : `Version ${String(kind.champion.version)} can be put to use again at any time. Who was enrolled meanwhile stays in the campaign.`,
        }}
        problem={act.error ? asProblem(act.error) : null}
        no="Not now"
        yes={asked?.back === true ? 'Roll back' : 'Put it to use'}
        grave={false}
        busy={act.isPending}
        confirm={() => {
          if (asked === null) return;
          act.mutate(asked.back ? 'rollback' : { promote: asked.version }, {
            onSuccess: () => {
              close();
              done(`Version ${String(asked.version)} is in use now. Scores change with the next sweep.`);
            },
          });
        }}
      />
    </Card>
  );
}
