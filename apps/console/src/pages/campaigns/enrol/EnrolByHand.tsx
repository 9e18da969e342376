import { Button, FileButton, Modal, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import { asProblem } from '../../../api/problem.js';
import type { CampaignReport, HandEnrolment } from '../../../api/types.js';
import { count } from '../../../format/number.js';
import { plural } from '../../../format/words.js';
import confirm from '../../../parts/confirm.module.css';
import { Facts } from '../../../parts/Facts.js';
import { Refused } from '../../../parts/Failed.js';
import css from './enrol.module.css';
import { numbersIn, skippedLines, consequencesOf, type Asked } from './enrolment-words.js';
import { useEnrolByHand } from './use-enrol-by-hand.js';

const empty: Asked = { by: 'numbers', numbers: '', rule: '' };
const ways = [
  { value: 'numbers', label: 'Numbers' },
  { value: 'rule', label: 'Rule' },
  { value: 'audience', label: 'Audience' },
] as const;

/** Enrols customers by hand, after a preview of how many, at what cost, and who is not enrolled. */
export function EnrolByHand({ report }: { readonly report: CampaignReport }) {
  const [opened, setOpened] = useState(false);
  if (report.campaign.state !== 'live') return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Enrol customers
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Enrol customers by hand"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
        classNames={{ title: confirm.title, content: confirm.surface, header: confirm.surface }}
      >
        <EnrolForm report={report} close={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function EnrolForm({ report: { campaign }, close }: { readonly report: CampaignReport; readonly close: () => void }) {
  const [asked, setAsked] = useState(empty);
  const [preview, setPreview] = useState<HandEnrolment | null>(null);
  const [done, setDone] = useState<HandEnrolment | null>(null);
  const enrol = useEnrolByHand(campaign.key);
  const change = (part: Partial<Asked>): void => {
    enrol.reset();
    setPreview(null);
    setAsked({ ...asked, ...part });
  };
  const problem = enrol.error ? <Refused problem={asProblem(enrol.error)} /> : null;
  if (done !== null) {
    return (
      <div className={css.form}>
        <p role="status">
          {plural(done.enrolled, 'customer')} enrolled, {count(done.heldOut)} of them held out. They enter as the launch window lets them
          in.
        </p>
        <div className={confirm.buttons}>
          <Button onClick={close}>Close</Button>
        </div>
      </div>
    );
  }
  if (preview !== null) {
    const not = skippedLines(preview);
    const warnings = preview.warnings.map(({ where, what }) => `${where}: ${what}`);
    const { Enrolled, Money, Undo } = consequencesOf(preview);
    return (
      <div className={css.form}>
        <Facts
          of={{
            Enrolled,
            ...(not.length > 0 && { 'Not enrolled': <Lines of={not} /> }),
            ...(warnings.length > 0 && { Warnings: <Lines of={warnings} /> }),
            Money,
            Undo,
          }}
        />
        {problem}
        <div className={confirm.buttons}>
          <Button variant="default" onClick={() => change({})}>
            Change
          </Button>
          <Button
            disabled={preview.enrolled === 0}
            loading={enrol.isPending}
            onClick={() => enrol.mutate({ asked, dryRun: false }, { onSuccess: setDone })}
          >
            Enrol {plural(preview.enrolled, 'customer')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        enrol.mutate({ asked, dryRun: true }, { onSuccess: setPreview });
      }}
    >
      <SegmentedControl fullWidth aria-label="Whom" data={[...ways]} value={asked.by} onChange={(by) => change({ by })} />
      {asked.by === 'numbers' && <Numbers text={asked.numbers} change={(numbers) => change({ numbers })} />}
      {asked.by === 'rule' && (
        <Textarea
          label="Rule"
          description="Customers who match it and are in the audience are enrolled."
          placeholder={'customer.plan == "basic"'}
          autosize
          minRows={3}
          maxRows={8}
          value={asked.rule}
          onChange={(event) => change({ rule: event.currentTarget.value })}
        />
      )}
      {asked.by === 'audience' && <p>Everybody in the audience: {campaign.audience}.</p>}
      {problem}
      <div className={confirm.buttons}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" disabled={!isAsked(asked)} loading={enrol.isPending}>
          Preview first
        </Button>
      </div>
    </form>
  );
}

function Numbers({ text, change }: { readonly text: string; readonly change: (text: string) => void }) {
  const numbers = numbersIn(text).length;
  return (
    <>
      <Textarea
        label="Customer numbers"
        description={numbers === 0 ? 'Your customer numbers, one per line.' : plural(numbers, 'number')}
        autosize
        minRows={4}
        maxRows={8}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void file?.text().then(change)}>
        {(props) => (
          <Button variant="default" size="xs" className={css.file} {...props}>
            Take them from a file
          </Button>
        )}
      </FileButton>
    </>
  );
}

function Lines({ of }: { readonly of: readonly string[] }) {
  return (
    <ul className={css.lines}>
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

const isAsked = ({ by, numbers, rule }: Asked): boolean =>
  by === 'audience' || (by === 'rule' ? rule.trim() !== '' : numbersIn(numbers).length > 0);
