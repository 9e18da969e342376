import { useEffect, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { useSettle } from '../../api/queries.js';
import type { UnknownMessage } from '../../api/types.js';
import { ConfirmDialog } from '../../parts/ConfirmDialog.js';
import { settling, type Settling, type Verdict } from './settle-words.js';

interface SettleDialogProps {
  readonly asked: { readonly message: UnknownMessage; readonly as: Verdict } | null;
  readonly close: () => void;
  /** Called after it was settled, with a message about that. */
  readonly settled: (words: string) => void;
}

/** The dialog exists, closed, before it is opened, so that it knows which element had the focus. */
const nothing: Settling = { question: '', message: '', journey: '', undo: '', yes: '', done: '' };

/** Shows what a verdict will do before it is given. */
export function SettleDialog({ asked, close, settled }: SettleDialogProps) {
  // The dialog keeps its text while it fades out.
  const [shown, setShown] = useState(asked);
  const settle = useSettle();
  const { reset } = settle;
  useEffect(() => {
    if (asked === null) return;
    setShown(asked);
    reset();
  }, [asked, reset]);
  const texts = shown === null ? nothing : settling(shown.as, shown.message);
  const done = (): void => {
    close();
    settled(texts.done);
  };
  return (
    <ConfirmDialog
      opened={asked !== null}
      close={close}
      question={texts.question}
      consequences={{ Message: texts.message, Journey: texts.journey, Undo: texts.undo }}
      problem={settle.error ? asProblem(settle.error) : null}
      no="Check again first"
      yes={texts.yes}
      grave={shown?.as !== 'sent'}
      busy={settle.isPending}
      confirm={() => shown && settle.mutate({ id: shown.message.id, as: shown.as }, { onSuccess: done })}
    />
  );
}
