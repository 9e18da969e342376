import { createTransport, type Transporter } from 'nodemailer';
import type { Reaction } from './behaviour.js';

/** A message as its recipient sees it. */
export interface ReceivedMail {
  readonly channel: 'email';
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly replyTo: string;
  readonly messageId: string;
  /** The one-click address (RFC 8058). */
  readonly unsubscribe: string | undefined;
}

export interface ReceivedText {
  readonly channel: 'sms';
  readonly to: string;
  readonly from: string;
  readonly body: string;
}

export type Received = ReceivedMail | ReceivedText;

export interface AnswerAddresses {
  readonly publicUrl: string;
  readonly inboundSmtp: { readonly host: string; readonly port: number };
  /** Where the Twilio double accepts texts from a phone. */
  readonly twilioDouble: string;
}

/** How the demo's people answer, like real customers: by a link, a mail, a text, one click. */
export class AnswerChannels {
  private readonly mail: Transporter;

  constructor(private readonly addresses: AnswerAddresses) {
    this.mail = createTransport({ ...addresses.inboundSmtp, pool: true, maxConnections: 4, maxMessages: Infinity, ignoreTLS: true });
  }

  async answer(received: Received, reaction: Reaction): Promise<void> {
    if (reaction.by === 'link') await this.followLink(received, reaction.answer === 'accept');
    else if (reaction.by === 'one-click' && received.channel === 'email') await this.unsubscribe(received);
    else if (received.channel === 'email') await this.writeBack(received, reaction);
    else await this.textBack(received, reaction.words);
  }

  close(): void {
    this.mail.close();
  }

  /** Opens the page, as a browser does, and presses one of its two buttons. */
  private async followLink(received: Received, accept: boolean): Promise<void> {
    const words = received.channel === 'email' ? received.text : received.body;
    const link = words.split(/\s/).find((word) => word.startsWith(`${this.addresses.publicUrl}/o/`));
    if (link === undefined) throw new Error('An offer came without its link');
    await expectSuccess(fetch(link));
    await expectSuccess(fetch(link, { method: 'POST', body: new URLSearchParams({ answer: accept ? 'accepted' : 'declined' }) }));
  }

  private async unsubscribe({ unsubscribe }: ReceivedMail): Promise<void> {
    if (unsubscribe === undefined) throw new Error('A marketing mail came without a one-click address');
    await expectSuccess(fetch(unsubscribe, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }));
  }

  private async writeBack(mail: ReceivedMail, { answer, words }: Reaction): Promise<void> {
    const quoted = mail.text.split('\n').map((line) => `> ${line}`);
    await this.mail.sendMail({
      from: mail.to,
      to: mail.replyTo,
      subject: `${answer === 'out-of-office' ? 'Out of office' : 'Re'}: ${mail.subject}`,
      inReplyTo: mail.messageId,
      headers: answer === 'out-of-office' ? { 'Auto-Submitted': 'auto-replied' } : {},
      text: [words, '', 'On another day you wrote:', ...quoted].join('\n'),
    });
  }

  private async textBack({ to, from }: ReceivedText, body: string): Promise<void> {
    await expectSuccess(
      fetch(`${this.addresses.twilioDouble}/double/inbound`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from: to, to: from, body }),
      }),
    );
  }
}

async function expectSuccess(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${new URL(response.url).pathname.slice(0, 3)} answered ${response.status}`);
}
