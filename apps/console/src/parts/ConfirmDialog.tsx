import { Button, Modal } from '@mantine/core';
import type { ApiProblem } from '../api/problem.js';
import css from './confirm.module.css';
import { Facts } from './Facts.js';
import { Refused } from './Failed.js';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly question: string;
  /** The consequences, by what they affect. */
  readonly consequences: Readonly<Record<string, string>>;
  /** Why it was refused. */
  readonly problem: ApiProblem | null;
  readonly no: string;
  readonly yes: string;
  readonly grave: boolean;
  readonly busy: boolean;
  readonly confirm: () => void;
}

/** Asks for confirmation, after it has shown the consequences. */
export function ConfirmDialog({ opened, close, question, consequences, problem, no, yes, grave, busy, confirm }: ConfirmDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={question}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: css.title, content: css.surface, header: css.surface }}
    >
      <Facts of={consequences} />
      {problem && <Refused problem={problem} />}
      <div className={css.buttons}>
        <Button variant="default" onClick={close} data-autofocus>
          {no}
        </Button>
        <Button color={grave ? 'rose' : 'leaf'} loading={busy} onClick={confirm}>
          {yes}
        </Button>
      </div>
    </Modal>
  );
}
