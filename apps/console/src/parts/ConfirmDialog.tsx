import { Button, Modal } from '@mantine/core';
import type { ApiProblem } from '../api/problem.js';
import css from './confirm.module.css';
import { ProblemText } from './Failed.js';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly question: string;
  /** What will follow, by what it touches. */
  readonly consequences: Readonly<Record<string, string>>;
  /** Why it was refused. */
  readonly problem: ApiProblem | null;
  readonly no: string;
  readonly yes: string;
  readonly grave: boolean;
  readonly busy: boolean;
  readonly confirm: () => void;
}

/** Nothing is done before its consequences were read. */
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
      <dl className={css.consequences}>
        {Object.entries(consequences).map(([what, told]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{told}</dd>
          </div>
        ))}
      </dl>
      {problem && (
        <div role="alert" className={css.refused}>
          <b>{problem.title}</b>
          <ProblemText problem={problem} />
        </div>
      )}
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
