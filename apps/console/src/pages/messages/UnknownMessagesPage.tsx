import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { campaignsQuery, unknownMessagesQuery } from '../../api/queries.js';
import type { UnknownMessage } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { channelName } from '../../format/words.js';
import list from '../../parts/list.module.css';
import { ListBody } from '../../parts/ListBody.js';
import { PageHead } from '../../parts/PageHead.js';
import { useSaid } from '../../parts/use-said.js';
import css from './messages.module.css';
import { SettleDialog } from './SettleDialog.js';
import type { Verdict } from './settle-words.js';

/** What an operator is asked to settle, across all campaigns. */
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
        sub="Their provider never said whether it took them, so none is sent again. Reports, look-ups and answers settle most by themselves; for the others, look in the provider’s log."
      />
      {said}
      <ListBody list={rows} what="unknown messages" nobody={<Nothing />}>
        {(messages) => (
          <table className={`${list.list} ${css.unknown}`}>
            <thead>
              <tr>
                <th scope="col">Handed over</th>
                <th scope="col">Campaign</th>
                <th scope="col">Channel</th>
                <th scope="col">Search the log for</th>
                <th scope="col">Said last</th>
                <th scope="col">The log says</th>
              </tr>
            </thead>
            <tbody>
              {messages.map((message) => (
                <tr key={message.id}>
                  <th scope="row">
                    {message.enrolmentId === null ? (
                      moment(message.submittedAt ?? message.plannedAt)
                    ) : (
                      <Link to="/enrolments/$enrolment" params={{ enrolment: message.enrolmentId }}>
                        {moment(message.submittedAt ?? message.plannedAt)}
                      </Link>
                    )}
                  </th>
                  <td data-label="Campaign" className={css.campaign}>
                    {titleOf(message.campaignId)}
                  </td>
                  <td data-label="Channel">{channelName(message.channel)}</td>
                  <td data-label="Search the log for" className={css.evidence}>
                    {message.searchFor === null ? (message.providerId ?? 'the recipient, at this time') : <code>{message.searchFor}</code>}
                  </td>
                  <td data-label="Said last">{saidLast(message.errorCode)}</td>
                  <td className={css.verdicts}>
                    <Button size="compact-sm" variant="default" onClick={() => setAsked({ message, as: 'sent' })}>
                      It was sent
                    </Button>
                    <Button size="compact-sm" variant="default" onClick={() => setAsked({ message, as: 'not-sent' })}>
                      It was not
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </ListBody>
      <SettleDialog asked={asked} close={() => setAsked(null)} settled={say} />
    </>
  );
}

function Nothing() {
  return (
    <>
      <b className={css.good}>Nothing is unknown.</b>
      <br />
      Of every message it is known whether it was sent. One whose provider stopped answering, or whose dispatcher stopped at the wrong
      moment, would be listed here.
    </>
  );
}

/** The last that was heard of it, in words. */
function saidLast(code: string | null): string {
  if (code === 'lease-expired') return 'nothing: its dispatcher stopped';
  return code ?? 'nothing';
}
