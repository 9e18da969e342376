import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A mail as the sink took it. */
export interface SinkMail {
  /** 1, 2, 3 ... in the order of arrival. */
  readonly number: number;
  readonly at: Date;
  /** The envelope's sender, where delivery reports go; '' for none. */
  readonly from: string;
  /** The envelope's recipients. */
  readonly to: readonly string[];
  /** By lower-case name, unfolded, not decoded; a header may occur more than once. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** As it was received, with headers. */
  readonly raw: string;
}

/** Keeps the newest mails in memory; older ones go to a directory, if there is one, and are forgotten otherwise. */
export class MailStore {
  private readonly mails = new Map<number, SinkMail>();
  private last = 0;

  constructor(
    private readonly inMemory: number,
    private readonly directory: string | undefined,
  ) {}

  /** How many mails have been received in total. */
  get count(): number {
    return this.last;
  }

  async add(mail: Omit<SinkMail, 'number' | 'headers'>): Promise<SinkMail> {
    this.last += 1;
    const kept = { ...mail, number: this.last, headers: parseHeaders(mail.raw) };
    this.mails.set(kept.number, kept);
    const oldest = this.mails.size > this.inMemory ? this.mails.values().next().value : undefined;
    if (oldest !== undefined) {
      this.mails.delete(oldest.number);
      if (this.directory !== undefined) {
        await mkdir(this.directory, { recursive: true });
        await writeFile(this.fileOf(this.directory, oldest.number), JSON.stringify(oldest));
      }
    }
    return kept;
  }

  /** The mails after number `since` that are in memory, oldest first. */
  since(since: number, limit = Infinity, to?: string): SinkMail[] {
    const found: SinkMail[] = [];
    const oldest = this.last - this.mails.size + 1;
    for (let number = Math.max(since + 1, oldest); number <= this.last && found.length < limit; number += 1) {
      const mail = this.mails.get(number);
      if (mail !== undefined && (to === undefined || mail.to.includes(to))) found.push(mail);
    }
    return found;
  }

  async one(number: number): Promise<SinkMail | undefined> {
    const mail = this.mails.get(number);
    if (mail !== undefined || this.directory === undefined) return mail;
    const text = await readFile(this.fileOf(this.directory, number), 'utf8').catch(() => null);
    if (text === null) return undefined;
    const stored = JSON.parse(text) as Omit<SinkMail, 'at'> & { at: string };
    return { ...stored, at: new Date(stored.at) };
  }

  /** Clears the memory; the numbers continue. */
  clear(): void {
    this.mails.clear();
  }

  private fileOf(directory: string, number: number): string {
    return join(directory, `${number}.json`);
  }
}

/** The header section of a mail (RFC 5322, section 2.2), with folded lines joined. */
export function parseHeaders(raw: string): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  const end = /\r?\n\r?\n/.exec(raw)?.index ?? raw.length;
  for (const line of raw
    .slice(0, end)
    .replace(/\r?\n(?=[ \t])/g, '')
    .split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) (headers[line.slice(0, colon).toLowerCase()] ??= []).push(line.slice(colon + 1).trim());
  }
  return headers;
}
