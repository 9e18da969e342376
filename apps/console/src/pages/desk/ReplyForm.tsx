import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { segmentsOf } from '../../../../../libs/channels/sms/segments.js';
import { asProblem } from '../../api/problem.js';
import { useReply } from '../../api/queries.js';
import type { ListedTask } from '../../api/types.js';
import { count } from '../../format/number.js';
import { moment, momentThere } from '../../format/time.js';
import { channelInText, plural, reasonSentence } from '../../format/words.js';
import { ConfirmDialog } from '../../parts/ConfirmDialog.js';
import css from './desk.module.css';

interface ReplyFormProps {
  readonly task: ListedTask;
  readonly sent: (words: string) => void;
}

/** Writes back to the customer, after the consequences were shown. */
export function ReplyForm({ task, sent }: ReplyFormProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);
  const [key, setKey] = useState(newKey);
  const { channel } = task.response;
  const name = task.customer.name ?? 'the customer';
  const reply = useReply(task.id, () => {
    setAsked(false);
    setText('');
    setKey(newKey());
    sent(`Your reply to ${name} is on its way.`);
  });
  const option = task.reply;
  if (option === null) return null;
  if (!option.possible) {
    return (
      <p className={css.noReply}>
        No reply can be sent by {channelInText(channel)}. {reasonSentence(option.reason)}
      </p>
    );
  }
  const tooLong = text.length > option.longest;
  const nothing = text.trim() === '';
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (nothing || tooLong) return;
        reply.reset();
        setAsked(true);
      }}
    >
      <label htmlFor={id} className={css.label}>
        Answer {name} by {channelInText(channel)}
      </label>
      <textarea
        id={id}
        className={css.text}
        rows={3}
        value={text}
        aria-describedby={`${id}-length`}
        aria-invalid={tooLong || undefined}
        onChange={(event) => {
          setText(event.target.value);
          // Another text is another reply.
          setKey(newKey());
        }}
      />
      <div className={css.buttons}>
        <Button type="submit" variant="default" disabled={nothing || tooLong}>
          Send…
        </Button>
        <p id={`${id}-length`} data-over={tooLong || undefined}>
          {lengthText(text, channel, option.longest)}
        </p>
      </div>
      <ConfirmDialog
        opened={asked}
        close={() => setAsked(false)}
        question={`Send this to ${name}?`}
        consequences={{
          Goes: `One message by ${channelInText(channel)} to ${option.address}, ${whenText(task, option)}.${costText(text, channel)}`,
          Offer: offerText(task),
          Task: 'It stays open: you can choose later what the customer meant. Their next answer also arrives here.',
          Undo: 'A sent message cannot be recalled.',
        }}
        problem={reply.error ? asProblem(reply.error) : null}
        no="Not yet"
        yes="Send"
        grave={false}
        busy={reply.isPending}
        confirm={() => reply.mutate({ text, key })}
      />
    </form>
  );
}

function lengthText(text: string, channel: string, longest: number): string {
  const characters = `${count(text.length)} of ${count(longest)} characters`;
  return channel === 'sms' && text !== ''
    ? `${characters}, ${plural(segmentsOf(text.trim()).segments, 'text')} as it is billed`
    : characters;
}

function costText(text: string, channel: string): string {
  return channel === 'sms' ? ` It is billed as ${plural(segmentsOf(text.trim()).segments, 'text')}.` : '';
}

function whenText({ reach }: ListedTask, { notBefore, waits }: { readonly notBefore: string; readonly waits: boolean }): string {
  if (!waits) return 'now';
  return `when the quiet hours end: ${moment(notBefore)}${hereAndThere(notBefore, reach.timeZone)}`;
}

function hereAndThere(iso: string, timeZone: string | null): string {
  const there = momentThere(iso, timeZone);
  return there === null ? '' : ` (${there})`;
}

function offerText({ offer }: ListedTask): string {
  if (offer?.state !== 'open') return 'None is open.';
  return `“${offer.title}” stays open until ${moment(offer.expiresAt)}.`;
}

/** The key of one click. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
