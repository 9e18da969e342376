import { readMail } from '../../libs/responses/mail/reading/read-mail.js';
import { visibleText } from '../../libs/responses/visible-text.js';
import { readReplies } from '../../test/corpus/replies/replies.js';
import { sameWords } from '../../test/corpus/replies/same-words.js';
import type { BenchReport } from '../report.js';

/** Replies to mails of ours: of how many exactly the writer's own words are read, and what that costs. */
export async function rows(report: BenchReport): Promise<void> {
  const replies = await readReplies();
  let [right, rightByForm, work] = [0, 0, 0];
  for (const { raw, sent, own } of replies) {
    const { body } = await readMail(raw, 'ada@example.test');
    const start = process.cpuUsage();
    if (sameWords(visibleText(body, sent), own)) right++;
    work += process.cpuUsage(start).user;
    if (sameWords(visibleText(body), own)) rightByForm++;
  }
  report.row('replies', replies.length, 'mails');
  report.row('replies_right', right / replies.length, 'share');
  report.row('replies_right_by_form', rightByForm / replies.length, 'share, the sent message unknown');
  report.row('reply_work', work / replies.length / 1_000, 'ms of processor a mail');
}
