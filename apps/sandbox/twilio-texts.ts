import { randomBytes } from 'node:crypto';

export type TextStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'received';

/** The content template of a message, and its values. */
export interface Content {
  readonly sid: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A text or WhatsApp message (then both addresses begin with `whatsapp:`) that the double took from the product, or pushed to it. */
export interface Text {
  /** 1, 2, 3 ... in the order of arrival. */
  readonly number: number;
  readonly sid: string;
  readonly direction: 'outbound-api' | 'inbound';
  readonly from: string;
  readonly to: string;
  /** For a content template, whose text the double does not have: its values, joined. */
  readonly body: string;
  readonly content: Content | null;
  readonly at: Date;
  readonly statusCallback: string | null;
  sentAt: Date | null;
  status: TextStatus;
  errorCode: number | null;
}

export const newSid = (): string => `SM${randomBytes(16).toString('hex')}`;

/** How long after a customer's message on WhatsApp the company may answer with free text. */
const conversationMs = 24 * 60 * 60_000;

export const isWhatsapp = (address: string): boolean => address.startsWith('whatsapp:');

/** The newest texts, in memory, and who has said STOP. */
export class Texts {
  private readonly texts: Text[] = [];
  private readonly bySid = new Map<string, Text>();
  private readonly byRecipient = new Map<string, Text[]>();
  private readonly stopped = new Set<string>();
  private readonly heard = new Map<string, number>();

  add(text: Pick<Text, 'direction' | 'from' | 'to' | 'body' | 'statusCallback' | 'status'> & { content?: Content | null }): Text {
    const kept: Text = {
      content: null,
      ...text,
      number: this.texts.length + 1,
      sid: newSid(),
      at: new Date(),
      sentAt: null,
      errorCode: null,
    };
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

  /**
   * Twilio's default keywords count only as the whole body, in any case, and not on WhatsApp. A stop applies to one phone
   * and one of the company's numbers.
   */
  hear(from: string, to: string, body: string): void {
    this.heard.set(`${from} ${to}`, Date.now());
    if (isWhatsapp(from)) return;
    const word = body.trim().toUpperCase();
    if (stopWords.has(word)) this.stopped.add(`${from} ${to}`);
    if (startWords.has(word)) this.stopped.delete(`${from} ${to}`);
  }

  isStopped(phone: string, company: string): boolean {
    return this.stopped.has(`${phone} ${company}`);
  }

  inConversation(phone: string, company: string): boolean {
    return Date.now() - (this.heard.get(`${phone} ${company}`) ?? -Infinity) < conversationMs;
  }
}

const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const startWords = new Set(['START', 'YES', 'UNSTOP']);

const gsm = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]*$/;

/** How many parts a text is billed as: GSM 03.38 has 160 septets in a single text or 153 in each part, UCS-2 70 or 67 units; a surrogate pair is never split. */
export function segmentsOf(body: string): number {
  const isGsm = gsm.test(body);
  const units = isGsm ? body.replace(/[\f^{}\\[~\]|€]/g, '\x1b$&') : body;
  const [alone, part] = isGsm ? [160, 153] : [70, 67];
  if (units.length <= alone) return 1;
  let parts = 0;
  for (let at = 0; at < units.length; parts++) {
    at += part;
    if (at < units.length && /[\x1b\ud800-\udbff]/.test(units.charAt(at - 1))) at -= 1;
  }
  return parts;
}
