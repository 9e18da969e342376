import { useEffect, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { useSettle } from '../../api/queries.js';
import type { UnknownMessage } from '../../api/types.js';
import { ConfirmDialog } from '../../parts/ConfirmDialog.js';
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
  return (
    <ConfirmDialog
      opened={asked !== null}
      close={close}
      question={told.question}
      consequences={{ Message: told.message, Journey: told.journey, Undo: told.undo }}
      problem={settle.error ? asProblem(settle.error) : null}
      no="Look again first"
      yes={told.yes}
      grave={as !== 'sent'}
      busy={settle.isPending}
      confirm={() => settle.mutate({ id: message.id, as }, { onSuccess: close })}
    />
  );
}
