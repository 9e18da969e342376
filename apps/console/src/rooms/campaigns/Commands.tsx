import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { estimateQuery, useCommand } from '../../api/queries.js';
import type { CampaignCommand, CampaignReport } from '../../api/types.js';
import { ProblemText } from '../../parts/Failed.js';
import css from './campaigns.module.css';
import { commandName, commandsIn, consequences } from './command-words.js';

/** What can be done with the campaign now. Nothing is done before its consequences were read. */
export function Commands({ report }: { readonly report: CampaignReport }) {
  const [asked, setAsked] = useState<CampaignCommand | null>(null);
  // The dialog keeps its text while it fades out.
  const [command, setCommand] = useState<CampaignCommand>('pause');
  const act = useCommand(report.campaign.key);
  const { data: estimate } = useQuery({ ...estimateQuery(report.campaign.key), enabled: asked === 'launch' });
  const told = consequences(command, report, estimate);
  const problem = act.error ? asProblem(act.error) : null;
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
      <Modal
        opened={asked !== null}
        onClose={close}
        title={told.question}
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
        classNames={{ title: css.dialogTitle, content: css.dialog, header: css.dialogHead }}
      >
        <dl className={css.consequences}>
          <div>
            <dt>Customers</dt>
            <dd>{told.customers}</dd>
          </div>
          <div>
            <dt>Money</dt>
            <dd>{told.cost}</dd>
          </div>
          <div>
            <dt>Undo</dt>
            <dd>{told.undo}</dd>
          </div>
        </dl>
        {problem && (
          <div role="alert" className={css.refused}>
            <b>{problem.title}</b>
            <ProblemText problem={problem} />
          </div>
        )}
        <div className={css.dialogButtons}>
          <Button variant="default" onClick={close} data-autofocus>
            {told.no}
          </Button>
          <Button color={told.grave ? 'rose' : 'leaf'} loading={act.isPending} onClick={() => act.mutate(command, { onSuccess: close })}>
            {told.yes}
          </Button>
        </div>
      </Modal>
    </>
  );
}
