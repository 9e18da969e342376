import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { campaignsQuery, unknownMessagesQuery } from '../../api/queries.js';
import type { UnknownMessage } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { channelName } from '../../format/words.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import { ListBody } from '../../parts/ListBody.js';
import { PageHead } from '../../parts/PageHead.js';
import { RowTable } from '../../parts/RowTable.js';
import { useSaid } from '../../parts/use-said.js';
import css from './messages.module.css';
import { SettleDialog } from './SettleDialog.js';
import type { Verdict } from './settle-words.js';

/** The messages that an operator has to settle, across all campaigns. */
export function UnknownMessagesPage() {
  const rows = useInfiniteQuery(unknownMessagesQuery);
  const { data: campaigns } = useQuery(campaignsQuery);
  const [asked, setAsked] = useState<{ readonly message: UnknownMessage; readonly as: Verdict } | null>(null);
  const { said, say } = useSaid();
  const titleOf = (id: string | null): string =>
    id === null ? 'Written at the desk' : (campaigns?.items.find((campaign) => campaign.id === id)?.title ?? '');
  return (
    <>
      <PageHead
        title="Unknown messages"
        sub="Their provider never confirmed or refused them, so none is sent again. Reports, look-ups and answers settle most of them automatically; for the others, look in the provider’s log."
      />
      {said}
      <ListBody list={rows} what="unknown messages" nobody={<Nothing />}>
        {(messages) => (
          <RowTable
            rows={messages}
            keyOf={({ id }) => id}
            className={css.unknown}
            columns={[
              {
                head: 'Submitted',
                cell: (message) => (
                  <EnrolmentLink enrolment={message.enrolmentId}>{moment(message.submittedAt ?? message.plannedAt)}</EnrolmentLink>
                ),
              },
              { head: 'Campaign', className: css.campaign, cell: (message) => titleOf(message.campaignId) },
              { head: 'Channel', cell: (message) => channelName(message.channel) },
              {
                head: 'Search the log for',
                className: css.evidence,
                cell: ({ searchFor, providerId }) =>
                  searchFor === null ? (providerId ?? 'the recipient, at this time') : <code>{searchFor}</code>,
              },
              { head: 'Last known', cell: (message) => saidLast(message.errorCode) },
              {
                head: 'The log says',
                className: css.verdicts,
                cell: (message) => (
                  <>
                    <Button size="compact-sm" variant="default" onClick={() => setAsked({ message, as: 'sent' })}>
                      It was sent
                    </Button>
                    <Button size="compact-sm" variant="default" onClick={() => setAsked({ message, as: 'not-sent' })}>
                      It was not
                    </Button>
                  </>
                ),
              },
            ]}
          />
        )}
      </ListBody>
      <SettleDialog asked={asked} close={() => setAsked(null)} settled={say} />
    </>
  );
}

function Nothing() {
  return (
    <>
      <b className={css.good}>There are no unknown messages.</b>
      <br />
      Of every message it is known whether it was sent. One whose provider stopped answering, or whose dispatcher stopped at the wrong
      moment, would be listed here.
    </>
  );
}

/** The last known fact about it, in words. */
function saidLast(code: string | null): string {
  if (code === 'lease-expired') return 'nothing: its dispatcher stopped';
  return code ?? 'nothing';
}
