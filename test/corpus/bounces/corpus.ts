import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readMail } from '../../../libs/responses/mail/reading/read-mail.js';
import { readBounce } from '../../../libs/channels/bounces/read-bounce.js';
import { projectFile } from '../../../libs/platform/project-file.js';

/** `dead`: it came back, and the address is dead. `soft`: it came back for another reason. `delay`: nothing is decided. */
const wanted = z.enum(['dead', 'soft', 'delay']);
export interface CorpusBounce {
  readonly name: string;
  readonly wanted: z.infer<typeof wanted>;
  readonly raw: Buffer;
}

const replies = z.array(
  z.strictObject({ wanted, code: z.number(), status: z.string().optional(), words: z.string() }).transform(({ code, ...rest }) => ({
    ...rest,
    words: [code, rest.status, rest.words].filter((part) => part !== undefined).join(' '),
  })),
);
/** How one system writes: its form, what it says by itself, and whether it quotes the server that refused. */
const system = z.strictObject({
  form: z.string(),
  quotes: z.boolean().default(false),
  own: z.array(z.object({ wanted, words: z.string() }).catchall(z.coerce.string())),
});

const folder = projectFile('test', 'corpus', 'bounces');
const quotedEach = 4;
const to = 'anna.keller@example.test';
/** What is returned of ours misleads whoever reads on: its words are of dead and full mailboxes. */
const original = `Return-Path: <{return}>
Received: from offers.relay.test by mx.relay.test; Mon, 2 Mar 2026 11:59:00 +0000
Message-ID: <01950000-0000-7000-8000-000000000000@replies.example.test>
From: Offers <offers@example.test>
To: <${to}>
Subject: An offer for you

Is your mailbox full? Are you an unknown user of our service? No such user should miss this; try again later.
Write STOP and we will stop sending you these.`;

/** Every bounce of the corpus, composed. */
export function loadBounces(): CorpusBounce[] {
  const quoted = replies.parse(parse(readFileSync(join(folder, 'remotes.yaml'), 'utf8')));
  const files = readdirSync(join(folder, 'systems')).sort();
  return files.flatMap((file, index) => {
    const name = basename(file, '.yaml');
    const { form, quotes, own } = system.parse(parse(readFileSync(join(folder, 'systems', file), 'utf8')));
    const picked = quotes ? Array.from({ length: quotedEach }, (_, at) => quoted[(index * quotedEach + at) % quoted.length]) : [];
    return [...own, ...picked.filter((one) => one !== undefined)].map((fills, at) => ({
      name: `${name} ${String(at + 1)}`,
      wanted: fills.wanted,
      raw: compose(form, fills as Readonly<Record<string, string>>, `${name}.${String(at)}`),
    }));
  });
}

const usual = {
  to,
  return: 'b+0@replies.example.test',
  action: 'failed',
  status: '5.0.0',
  vague: '5.0.0',
  subject: 'unable to deliver mail',
  kind: 'error',
  headline: 'Message not delivered',
  why: 'other',
};

function compose(form: string, fills: Readonly<Record<string, string>>, id: string): Buffer {
  const values: Readonly<Record<string, string>> = { ...usual, id, original, ...fills };
  const fill = (text: string): string => text.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
  // Words and the original have placeholders of their own.
  const filled = fill(fill(form)).replace(/\{base64:([^}]*)\}/, (_, text: string) => Buffer.from(text).toString('base64'));
  return Buffer.from(filled.replaceAll('\n', '\r\n'));
}

/** What a bounce is taken for, where it comes to the return path of the mail that it is about. */
export async function takenFor({ raw }: CorpusBounce): Promise<CorpusBounce['wanted'] | 'unread'> {
  const mail = await readMail(raw, '');
  const outcome = readBounce({ ...mail, deliveryStatus: mail.report.deliveryStatus, recipient: to }, 'bounce');
  if (outcome === undefined) return 'unread';
  if (outcome.status === 'delayed') return 'delay';
  return outcome.status === 'bounced' && outcome.errorClass === 'dead-address' ? 'dead' : 'soft';
}
