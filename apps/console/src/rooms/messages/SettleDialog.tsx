import { Button, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { useSettle } from '../../api/queries.js';
import type { UnknownMessage } from '../../api/types.js';
import { ProblemText } from '../../parts/Failed.js';
import css from './messages.module.css';
import { settling, type Verdict } from './settle-words.js';

interface SettleDialogProps {
  readonly asked: { readonly message: UnknownMessage; readonly as: Verdict } | null;
  readonly close: () => void;
}

/** Says what a verdict will do before it is given. */
export function SettleDialog({ asked, close }: SettleDialogProps) {
  // The dialog keeps its text while it fades out.
  const [shown, setShown] = useState(asked);
  const settle = useSettle();
  const { reset } = settle;
  useEffect(() => {
    if (asked === null) return;
    setShown(asked);
    reset();
  }, [asked, reset]);
  if (shown === null) return null;

  const { message, as } = shown;
  const told = settling(as, message.channel);
  const problem = settle.error ? asProblem(settle.error) : null;
  return (
    <Modal
      opened={asked !== null}
      onClose={close}
      title={told.question}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: css.dialogTitle, content: css.dialog, header: css.dialog }}
    >
      <dl className={css.consequences}>
        <div>
          <dt>Message</dt>
          <dd>{told.message}</dd>
        </div>
        <div>
          <dt>Journey</dt>
          <dd>{told.journey}</dd>
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
          Look again first
        </Button>
        <Button
          color={as === 'sent' ? 'leaf' : 'rose'}
          loading={settle.isPending}
          onClick={() => settle.mutate({ id: message.id, as }, { onSuccess: close })}
        >
          {told.yes}
        </Button>
      </div>
    </Modal>
  );
}
