import { plainText } from '../../platform/wording.js';
import { classifyError, errorsOf, type ErrorClass } from '../contract/provider-errors.js';
import { bounceWords, type FailureKind } from './bounce-words.js';

/** A classified failure. Its `code` is an enhanced status (RFC 3463), otherwise an SMTP reply; `5.0.0` if there is none. */
export interface Failure {
  readonly kind: FailureKind;
  readonly errorClass: ErrorClass;
  readonly code: string;
}

/** The report of a failure: a status code, and the other server's own text. */
export interface ReportedFailure {
  readonly status?: string | undefined;
  readonly words?: string | undefined;
}

const emailErrors = errorsOf('email');
const enhanced = /(?<![\d.])[45]\.[0-7]\.\d{1,3}(?!\d|\.\d)/;
/** An SMTP reply, and not any other number: at the beginning of a line, or after words that precede a reply. */
const reply = /(?<![\w.@/-])(?:42[0-2]|43[0-2]|45\d|471|50[0-4]|52[13]|53\d|541|55\d|57[01])(?![\w@/]|\.\d| \d(?!\.\d))/;
const longestWords = 4_000;

/**
 * Classifies a failure: by words, then by code. If the code is temporary, words such as "user unknown" do not mark an address as dead,
 * because servers whose look-up fails say that too.
 */
export function judgeFailure(reported: ReportedFailure): Failure {
  const code = codeIn(reported.status, reported.words);
  const kind = kindOf(reported, code);
  return { kind, code: code ?? '5.0.0', errorClass: classOf(kind, code) };
}

type Found = (typeof bounceWords.failures)[number];
/** An address in a link is not a mailbox. */
const links = /\b(?:https?:\/\/|www\.)[^\s<>]{1,500}/gi;

/** All meanings of the words, the most certain first. */
function foundIn(words: string): Found[] {
  const plain = plainText(words, longestWords);
  const unlinked = plainText(words.slice(0, longestWords).replace(links, ' '), longestWords);
  return bounceWords.failures.filter(({ kind, find }) => find(kind === 'dead-address' ? unlinked : plain) !== undefined);
}

/**
 * The code in a status, unless it only says that it failed and the other server's own text has a better code.
 * @returns undefined if neither has one
 */
export function codeIn(status = '', words = ''): string | undefined {
  const code = enhanced.exec(status)?.[0] ?? reply.exec(status)?.[0];
  const vague = code === undefined || code.endsWith('.0.0');
  const head = words.slice(0, longestWords);
  return (vague ? (enhanced.exec(head)?.[0] ?? reply.exec(head)?.[0]) : undefined) ?? code;
}

function kindOf({ words = '' }: ReportedFailure, code: string | undefined): FailureKind {
  const found = foundIn(words);
  const [first] = found;
  if (first !== undefined && dies(first, found, code)) {
    if (isForNow(code, words)) return 'passing';
    return (first.sure ? undefined : bounceWords.spares(code)) ?? 'dead-address';
  }
  if (first !== undefined) return first.kind;
  if (code === undefined) return 'other';
  return bounceWords.codes[code] ?? (classifyError(emailErrors, code) === 'dead-address' ? 'dead-address' : 'other');
}

/** Words such as "try again" also occur in standard texts beside a permanent refusal. */
function dies(first: Found, found: readonly Found[], code: string | undefined): boolean {
  if (first.kind === 'dead-address') return true;
  return first.kind === 'passing' && !first.sure && code !== undefined && found.some(({ kind }) => kind === 'dead-address');
}

/** Whether only 4xx codes occur. A status of 4.0.0 only says that a server has tried for a long time. */
function isForNow(code: string | undefined, words: string): boolean {
  if (code !== undefined && enhanced.test(code) && !code.endsWith('.0.0')) return code.startsWith('4');
  return (reply.exec(words.slice(0, longestWords))?.[0] ?? code ?? '').startsWith('4');
}

/** If no known words explain a failure, the class of its code decides. */
function classOf(kind: FailureKind, code: string | undefined): ErrorClass {
  return kind === 'other' && code !== undefined ? classifyError(emailErrors, code) : bounceWords.kinds[kind];
}
