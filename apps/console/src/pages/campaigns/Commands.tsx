import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { estimateQuery, useCommand } from '../../api/queries.js';
import type { CampaignCommand, CampaignReport } from '../../api/types.js';
import { ConfirmDialog } from '../../parts/ConfirmDialog.js';
import { commandName, commandsIn, consequences, warningText } from './command-words.js';

/** The commands that are possible now. Each one shows its consequences first. */
export function Commands({ report }: { readonly report: CampaignReport }) {
  const [asked, setAsked] = useState<CampaignCommand | null>(null);
  // The dialog keeps its text while it fades out.
  const [command, setCommand] = useState<CampaignCommand>('pause');
  const act = useCommand(report.campaign.key);
  const { data: estimate } = useQuery({ ...estimateQuery(report.campaign.key), enabled: asked === 'launch' });
  const consequence = consequences(command, report, estimate);
  const ask = (next: CampaignCommand): void => {
    act.reset();
    setCommand(next);
    setAsked(next);
  };
  const close = (): void => setAsked(null);
  return (
    <>
      {commandsIn[report.campaign.state].map((each) => (
        <Button key={each} variant={each === 'launch' || each === 'resume' ? 'filled' : 'default'} onClick={() => ask(each)}>
          {commandName[each]}
        </Button>
      ))}
      <ConfirmDialog
        opened={asked !== null}
        close={close}
        question={consequence.question}
        consequences={{
          Customers: consequence.customers,
          Money: consequence.cost,
          Undo: consequence.undo,
          ...(command === 'launch' && estimate && estimate.warnings.length > 0 && { Mind: warningText(estimate) }),
        }}
        problem={act.error ? asProblem(act.error) : null}
        no={consequence.no}
        yes={consequence.yes}
        grave={consequence.grave}
        busy={act.isPending}
        confirm={() => act.mutate(command, { onSuccess: close })}
      />
    </>
  );
}
