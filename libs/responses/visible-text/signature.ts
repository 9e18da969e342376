import { isBlank, type Line } from './line.js';
import { deviceEnds, deviceStarts, noticeStarts, noticeWords, scanner, wordsOf } from './quote-words.js';
import { startsWithAny } from './word-pattern.js';

/** RFC 3676, section 4.3, with or without its space; a line of underscores stands above the footers of mailing lists. */
const separator = /^\s*(?:--\s*|_{2,}\s*)$/;
const trailing = /^\s*(?:[-_=~*#+—–─]{2,}|ᐧ)?\s*$/;
const attached = /^\s*\[(?:cid|image|bild|imagen|immagine|inline image)[: ][^\]]{0,200}\]\s*$/i;
const wrapped = /^[\s(<[{*_]*|[\s)>\]}*_.!]*$/g;
const link = /<?\(?https?:\/\/\S+|<[^<>]*>|\[[^\]]*\]\([^)]*\)|[[\]]/g;
const starts = startsWithAny(wordsOf(deviceStarts));
const ends = new RegExp(
  `(?:${wordsOf(deviceEnds)
    .map((word) => word.replace('.', '\\.'))
    .join('|')})$`,
  'iu',
);
const device =
  /iphon|ipad|ipod|android|galaxy|samsung|outlook|blackberry|mobil|phone|handy|smartphone|tablet|windows|yahoo|gmx|web\.de|mail|huawei|xiaomi|pixel \d|htc|nokia|lumia|sony|motorola|oneplus|телефон|yandex|app\b|spark|proton|tutanota|tuta\b|acompli|typeapp|bluemail|k-9|thunderbird|手机|apple|orange|free\b/iu;
const sorry =
  /[.,;]?\s*(?:an? [\w& ]+smartphone|please|excuse|sorry|pardon|so (?:please )?excuse|apologies|veuillez|bitte|disculp|scusa)\b.*$/i;
const mostWords = 9;
const fewWords = 5;

/** "Sent from my iPhone" and its kind: the program's words. "Sent from my desk, as it is easier." is a sentence. */
function isDeviceLine({ text }: Line): boolean {
  if (text.length > 200) return false;
  const bare = text.replace(link, ' ').replace(wrapped, '').replace(sorry, '').trim();
  const words = bare.split(/\s+/);
  if (bare === '' || words.length > mostWords || /[,;!?]\s/.test(bare)) return false;
  const [begins, known] = [starts.test(bare), device.test(text)];
  if (/^sent from my /i.test(bare)) return words.length <= 3 + fewWords;
  return (begins && known) || (known && ends.test(bare));
}

/** Lines of a notice that are looked at; one that is shorter than this in total is a sentence of the writer's. */
const noticeRows = 4;
const shortestNotice = 100;
const notice = startsWithAny(wordsOf(noticeStarts));

/** The text of a company's server or a virus scanner begins below the writer's text. */
function isNotice(lines: readonly Line[], at: number): boolean {
  const text = lines[at]?.text ?? '';
  if (text.length <= 300 && scanner.test(text)) return true;
  if (!isBlank(lines[at - 1] ?? { text: '', quoted: false }) || !notice.test(text.slice(0, 60))) return false;
  const rows = lines.slice(at, at + noticeRows).map((line) => line.text.slice(0, 1_000));
  return rows.join(' ').length >= shortestNotice && noticeWords.test(rows.join(' '));
}

/**
 * The text of one part of the writer's lines: without text below a signature's separator, without a line of the device and everything below
 * it (a phone puts it directly above the quote), without rules at the end. A name below the text, and a greeting, belong to the writer's
 * text.
 * @param spoken the writer has text in an earlier part
 */
export function withoutSignature(lines: readonly Line[], spoken: boolean): Line[] {
  const said: Line[] = [];
  for (const [at, line] of lines.entries()) {
    const below = spoken || said.some((one) => !isBlank(one));
    const device = isDeviceLine(line);
    if (below && (device || separator.test(line.text) || isNotice(lines, at))) break;
    if (!device && !attached.test(line.text)) said.push(line);
  }
  let last = said.length;
  while (last > 0 && trailing.test(said[last - 1]?.text ?? '')) last--;
  return said.slice(0, last);
}
