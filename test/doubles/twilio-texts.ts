import { randomBytes } from 'node:crypto';

export type TextStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'received';

/** A text that the double took from the product, or pushed to it. */
export interface Text {
  /** 1, 2, 3 ... in the order of arrival. */
  readonly number: number;
  readonly sid: string;
  readonly direction: 'outbound-api' | 'inbound';
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly at: Date;
  readonly statusCallback: string | null;
  sentAt: Date | null;
  status: TextStatus;
  errorCode: number | null;
}

export const newSid = (): string => `SM${randomBytes(16).toString('hex')}`;

/** The newest texts, in memory, and who has said STOP. */
export class Texts {
  private readonly texts: Text[] = [];
  private readonly bySid = new Map<string, Text>();
  private readonly byRecipient = new Map<string, Text[]>();
  private readonly stopped = new Set<string>();

  add(text: Pick<Text, 'direction' | 'from' | 'to' | 'body' | 'statusCallback' | 'status'>): Text {
    const kept: Text = { ...text, number: this.texts.length + 1, sid: newSid(), at: new Date(), sentAt: null, errorCode: null };
    this.texts.push(kept);
    this.bySid.set(kept.sid, kept);
    const mailbox = this.byRecipient.get(kept.to);
    if (mailbox === undefined) this.byRecipient.set(kept.to, [kept]);
    else mailbox.push(kept);
    return kept;
  }

  get count(): number {
    return this.texts.length;
  }

  since(since: number, limit = Infinity): Text[] {
    return this.texts.slice(since, since + limit);
  }

  to(recipient: string): readonly Text[] {
    return this.byRecipient.get(recipient) ?? [];
  }

  one(sid: string): Text | undefined {
    return this.bySid.get(sid);
  }

  /** Twilio's default keywords count only as the whole body, in any case. A stop holds between one phone and one of the company's numbers. */
  hear(from: string, to: string, body: string): void {
    const word = body.trim().toUpperCase();
    if (stopWords.has(word)) this.stopped.add(`${from} ${to}`);
    if (startWords.has(word)) this.stopped.delete(`${from} ${to}`);
  }

  isStopped(phone: string, company: string): boolean {
    return this.stopped.has(`${phone} ${company}`);
  }
}

const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const startWords = new Set(['START', 'YES', 'UNSTOP']);

/** What a text is billed as: GSM 03.38 carries 160 characters alone or 153 a part, UCS-2 carries 70 or 67. */
export function segmentsOf(body: string): number {
  const [alone, part] = /^[\n\r\x20-\x5f\x61-\x7e£¥èéùìòÇØøÅåÄÖÑÜ§¿äöñüàÆæßÉ¡¤€]*$/.test(body) ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / part);
}
