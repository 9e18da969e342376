import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadTemplates, type Templates } from '../../../libs/messaging/templates/templates.js';
import type { TemplateVariables } from '../../../libs/channels/contract/template-variables.js';
import { projectFile } from '../../../libs/platform/project-file.js';
import type { Answer } from '../../../libs/journeys/answers/table.js';
import { htmlText } from '../../../libs/responses/visible-text/html-lines.js';
import type { SentText } from '../../../libs/responses/visible-text.js';
import { writeReply, type Body } from './write-reply.js';
import { emailTemplate } from '../../../libs/channels/email/template.js';

/** A reply to a mail of ours, and what its writer wrote. */
export interface CorpusReply {
  readonly client: string;
  readonly language: string;
  readonly raw: Buffer;
  /** The mail of ours that it answers, as it would be composed again. */
  readonly sent: SentText;
  readonly own: string;
  /** What the customer meant. */
  readonly answer: Answer;
}

const word = z.string();
const words = { gmail: word, apple: word, thunderbird: word, yahoo: word, original: word, phone: word, outlook: word, closing: word };
const languageFile = z.record(z.string(), z.strictObject({ locale: word, labels: z.tuple([word, word, word, word]), ...words }));
type Words = z.infer<typeof languageFile>[string];
const lines = Object.keys(words) as (keyof typeof words)[];
const clientFile = z.array(
  z.strictObject({
    client: z.string(),
    text: z.string().optional(),
    html: z.string().optional(),
    in: z
      .strictObject({
        charset: z.string().optional(),
        encoding: z.enum(['quoted-printable', 'base64']).optional(),
        flowed: z.boolean().optional(),
      })
      .default({}),
  }),
);
const sentenceFile = z.array(z.object({ text: z.string(), answer: z.string().transform((answer) => answer as Answer) }));

const folder = ['test', 'corpus', 'replies'] as const;
const read = (...path: string[]): unknown => parse(readFileSync(projectFile(...folder, ...path), 'utf8'));
const at = new Date('2026-03-02T10:05:00Z');
const sender = { sender: 'Beispiel & Söhne AG', address: 'care@example.test' };

/** Every client in every language, twice, each time with another sentence: the same mails each time. */
export async function readReplies(): Promise<CorpusReply[]> {
  const templates = await loadTemplates(projectFile('config', 'templates'));
  const languages = languageFile.parse(read('languages.yaml'));
  const clients = clientFile.parse(read('clients.yaml'));
  const sentences = new Map(
    readdirSync(projectFile(...folder, 'sentences')).map((file) => [basename(file, '.yaml'), sentenceFile.parse(read('sentences', file))]),
  );
  return Object.entries(languages).flatMap(([language, words], row) =>
    [...clients, ...clients].flatMap(({ client, text, html, in: shape }, column) => {
      const known = sentences.get(language) ?? [];
      const picked = known[(row * 7 + column * 5) % known.length];
      if (picked === undefined) return [];
      const own = column % 3 === 0 ? `${picked.text}\n\n${words.closing}\nAda` : picked.text;
      const mail = mailOf(templates, language, column % 2 === 0 ? 'save-offer' : 'save-reminder', 1);
      const fill = filler(own, mail, words);
      const body: Body = {
        text: text === undefined ? undefined : fill(text, false),
        html: html === undefined ? undefined : fill(html, true),
        ...shape,
      };
      const sent = mailOf(templates, language, column % 2 === 0 ? 'save-offer' : 'save-reminder', 2);
      return [
        {
          client,
          language,
          raw: writeReply(body, `Re: ${mail.subject}`),
          sent: { subject: sent.subject, text: `${sent.text}\n\n${htmlText(sent.html)}` },
          own,
          answer: picked.answer,
        },
      ];
    }),
  );
}

interface SentMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** @param turn a mail that is composed again has other tokens in its links */
function mailOf(templates: Templates, language: string, template: string, turn: number): SentMail {
  const link = (name: string): string => `https://perennial.example.test/${name}/${turn}${'x'.repeat(30)}`;
  const variables: TemplateVariables = {
    company: { name: 'Beispiel & Söhne AG', address: 'Hauptstraße 1, 12345 Ort' },
    customer: { name: 'Ada Lovelace', locale: language, timeZone: 'Europe/Berlin' },
    offer: { title: '12 € Gutschrift auf Ihre nächste Rechnung', expiresAt: new Date('2026-03-16T12:00:00Z'), voucher: 'SAVE-1' },
    message: { purpose: 'marketing' },
    links: { accept: link('o'), unsubscribe: link('u'), preferences: link('p') },
    tracked: link,
  };
  const { subject, text, html } = templates.render(emailTemplate, template, language, variables);
  return { subject, text: text.join(''), html: html.join('') };
}

/** Puts a client's mail together. */
function filler(own: string, mail: SentMail, words: Words): (shape: string, markup: boolean) => string {
  const format = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(words.locale, { timeZone: 'UTC', ...options }).format(at);
  const dates: Record<string, string> = {
    day: format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    date: format({ day: 'numeric', month: 'long', year: 'numeric' }),
    weekday: format({ weekday: 'long' }),
    digits: format({ day: '2-digit', month: '2-digit', year: 'numeric' }),
    time: format({ hour: '2-digit', minute: '2-digit' }),
  };
  const named: Record<string, string> = { ...dates, ...sender };
  const line = (name: keyof typeof words): string => String(words[name]).replace(/\[\[(\w+)\]\]/g, (_, of: string) => named[of] ?? '');
  const marked = mail.text.split('\n').map((row) => `> ${row}`.trimEnd());
  const half = Math.ceil(marked.length / 2);
  const parts = own.split(/\n\n/);
  const values: Record<string, string> = {
    ...named,
    ...Object.fromEntries(lines.map((name) => [name, line(name)])),
    ...Object.fromEntries(words.labels.map((label, index) => [String(index + 1), label])),
    answer: own,
    subject: mail.subject,
    sent: mail.text,
    marked: marked.join('\n'),
    marked1: marked.slice(0, half).join('\n'),
    marked2: marked.slice(half).join('\n'),
    part1: parts[0] ?? '',
    part2: parts.slice(1).join('\n\n'),
  };
  return (shape, markup) =>
    shape.replace(/\[\[(\w+)(?:\|(\w+))?\]\]/g, (_, name: string, how?: string) => {
      if (name === 'markup') return mail.html;
      const value = shaped(values[name] ?? '', how);
      return markup ? toMarkup(value) : value;
    });
}

const shapes: Record<string, (text: string) => string> = {
  wrap: (text) => text.replace(/(.{40}\S*) /, '$1\n'),
  bare: (text) => text.replace(/ ?:$/, ''),
};

function shaped(text: string, how: string | undefined): string {
  return how === undefined ? text : (shapes[how]?.(text) ?? text);
}

/** As webmails write it: line breaks as elements, letters beyond ASCII as entities now and then. */
function toMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('ü', '&uuml;')
    .replaceAll('é', '&#233;')
    .replaceAll('\n', '<br>');
}
