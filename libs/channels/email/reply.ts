import type { MessageContext, ReplyContext } from '../contract/message-context.js';
import { replyHeaders } from '../contract/mail-thread.js';
import type { EmailContent } from './template.js';

/**
 * A person's own text as a mail, in the thread of the mail that it answers. It is inserted unchanged: no template, no tracked link; below
 * it is the company.
 * @param replyDomain the domain of the Message-IDs of our own mails
 */
export function writeReply(
  { text, thread, answered }: ReplyContext,
  { variables: { company } }: MessageContext,
  replyDomain: string,
): EmailContent & { readonly headers: Readonly<Record<string, string>> } {
  const before = answered === null ? null : `<${answered}@${replyDomain}>`;
  const { subject, headers } = replyHeaders(thread, before, company.name);
  const sender = [company.name, company.address].filter((line) => line !== '').join('\n');
  return {
    subject,
    headers,
    text: [`${text}\n\n-- \n${sender}\n`],
    html: [
      '<!doctype html><html><body>',
      `<div style="font-family:sans-serif;font-size:16px;line-height:1.5">${markup(text)}</div>`,
      `<p style="font-family:sans-serif;font-size:13px;color:#5b6861">${markup(sender)}</p>`,
      '</body></html>\n',
    ],
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function markup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '').replaceAll('\n', '<br>\n');
}
