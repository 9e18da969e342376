import EmailReplyParser from 'email-reply-parser';

/** More of a mail is not looked at: the parser's patterns cost more than the length on hostile input. */
const longest = 10_000;
const parser = new EmailReplyParser();

/** What the customer wrote in an e-mail's plain text: without the mail that it answers, and without a signature. */
export function visibleText(text: string): string {
  const lines = text
    .slice(0, longest)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd());
  return parser.parseReply(lines.join('\n').replace(/\n{3,}/g, '\n\n')).trim();
}
