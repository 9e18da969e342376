import type { Classification } from './classify.js';

interface Mark {
  readonly header: string;
  readonly says: RegExp;
  readonly answer: 'auto-reply' | 'bounce';
}

/** What marks a mail that no person wrote, and where that is told. The first that holds decides. */
const marks: readonly Mark[] = [
  // RFC 6522: a report about a mail of ours. RFC 3464 is the one that says whether it arrived.
  { header: 'content-type', says: /multipart\/report\b.*report-type="?delivery-status/is, answer: 'bounce' },
  { header: 'content-type', says: /multipart\/report\b/i, answer: 'auto-reply' },
  // RFC 3834, section 5.
  { header: 'auto-submitted', says: /^\s*(?!no\b)\S/i, answer: 'auto-reply' },
  // RFC 5321, section 4.5.5: programs that must not be answered send with an empty return path.
  { header: 'return-path', says: /^\s*<>\s*$/, answer: 'auto-reply' },
  // Older customs that RFC 3834 mentions, and those of single products.
  { header: 'precedence', says: /bulk|junk|list|auto[-_]reply/i, answer: 'auto-reply' },
  { header: 'x-auto-response-suppress', says: /\b(all|oof|autoreply)\b/i, answer: 'auto-reply' },
  { header: 'x-autoreply', says: /\S/, answer: 'auto-reply' },
  { header: 'x-autorespond', says: /\S/, answer: 'auto-reply' },
  { header: 'list-id', says: /\S/, answer: 'auto-reply' },
];

/** Whether a program wrote the mail with these headers (by lower-case name), and what then; undefined where a person did. */
export function isAutomatic(headers: Readonly<Record<string, string>>): Classification | undefined {
  const mark = marks.find(({ header, says }) => says.test(headers[header] ?? ''));
  return mark === undefined ? undefined : { answer: mark.answer, because: mark.header };
}
