import { longestText, mostLines, plain, type Line } from './line.js';

/** `> text`, `| text`, and `Ann> text` as some readers of news write it. */
const quoteMark = /^ {0,4}(?:[>|]|\p{Lu}\p{L}{0,11}>(?: |$))/u;
/** Lines that an address or link in angle brackets may take: its closing bracket is no mark of a quote. */
const longestOpen = 3;
const longestAddress = 400;
/** A quoted line of this many characters was broken on its way if the next one continues without a mark. */
const brokenAt = 68;
const onlyLink = /^[\s(<[]*https?:\/\/\S+[\s>]*$/;

/** The lines of a mail's plain text. */
export function readPlain(text: string): Line[] {
  const texts = plain(text.slice(0, longestText))
    .split(/\r\n|\r|\n/, mostLines)
    .map((line) => line.trimEnd());
  const lines: { text: string; quoted: boolean }[] = [];
  let open = 0;
  for (const line of texts) {
    const closes = open > 0 && /^\s*[^<>]*>/.test(line);
    const quoted = !closes && quoteMark.test(line);
    lines.push({ text: line, quoted });
    if (!quoted && opensAddress(line)) open = longestOpen;
    else open = closes || quoted ? 0 : Math.max(0, open - 1);
  }
  lines.forEach((line, at) => (line.quoted ||= isBroken(lines, at)));
  return lines;
}

/** `<` and the beginning of an address or link, up to the end of the line. */
function opensAddress(line: string): boolean {
  const at = line.lastIndexOf('<');
  if (at < 0 || line.length - at > longestAddress) return false;
  const rest = line.slice(at + 1);
  return !rest.includes('>') && /^\s*(?:(?:https?|mailto):.*|\S*)$/i.test(rest);
}

function isBroken(lines: readonly Line[], at: number): boolean {
  const [before, line, after] = [lines[at - 1], lines[at], lines[at + 1]];
  const text = line?.text ?? '';
  if (before?.quoted !== true || after?.quoted !== true) return false;
  return (before.text.length >= brokenAt && /^\p{Ll}/u.test(text)) || onlyLink.test(text);
}
