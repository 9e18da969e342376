/** One word of an answer, in the spelling of the word lists, with its place. */
export interface Word {
  readonly text: string;
  /** Clauses end at any punctuation, sentences at a full stop or a line; both are numbered through the whole answer. */
  readonly clause: number;
  readonly sentence: number;
  readonly line: number;
  /** Begins with a capital letter, or is a number: a name may look so. */
  readonly proper: boolean;
}

/** Longer answers are cut here: nobody opts out on page three, and hostile ones should cost little time. In UTF-16 units and in words. */
const longest = 4_000;
const mostWords = 800;
/** A line of this length was broken by a mail program: its sentence continues in the next. */
const wrappedAt = 58;

const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const apostrophes = /['’‘ʼ`´]/gu;
const tokens =
  /(?<line>[\n\r]+)|(?<sentence>[.!?…。؟]+)|(?<clause>[,;:()¡¿–—"“”„«»]+|\s-+\s)|(?<word>[\p{L}\p{N}]+|\p{Extended_Pictographic})/gu;
/** Letters with a stroke, which Unicode does not decompose. */
const alike: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** Splits an answer into words without case, accents, punctuation, apostrophes and anything invisible. */
export function readWords(text: string): Word[] {
  const words: Word[] = [];
  let [clause, sentence, line] = [0, 0, 0];
  for (const { groups = {} } of fold(unwrap(text.slice(0, longest))).matchAll(tokens)) {
    if (groups['word'] === undefined) {
      clause += 1;
      if (groups['clause'] === undefined) sentence += 1;
      if (groups['line'] !== undefined) line += 1;
      continue;
    }
    const word = groups['word'];
    words.push({ text: lower(word), clause, sentence, line, proper: /^[\p{Lu}\p{N}]/u.test(word) });
    if (words.length === mostWords) break;
  }
  return joinSpelled(words);
}

/** True if the answer has a question mark outside of an address. */
export function asks(text: string): boolean {
  return /[?？؟](?=\s|$|[\p{P}\p{S}])/u.test(text.slice(0, longest));
}

const prices = /[%‰\p{Sc}]/u;
/** Sad, angry, doubtful, winking and ironic faces typed as marks, and "/s", which says "I do not mean it". */
const faces =
  /(?<![\p{L}\p{N}])(?:[>|}]?[:;=8]['’]?[-^o~]?[(\[{<\/\\|@$#&*Ppc]|[;][-^o~]?[)\]D]|>[:;=][-^o]?[)\]]|[)\]}\\/][-^o]?['’]?[:;=]|-_+-|¬_*¬|>[_.]+<|\^\^['’]|[TtuUoO]_[TtuUoO]|[xX]D+|\/(?:s|sarc|sarcasm|irony)(?![\p{L}\p{N}\/])|\([!?]+\))/u;
/** Emoji faces that are not glad; hands and objects that mean a refusal. */
const sadPictures =
  /[😐😑😒😓😔😕😖😞😟😠😡😢😣😤😥😦😧😨😩😪😫😬😭😮😯😰😱😳😵😶🙁🙄☹🤐🤔🤢🤥🤦🤧🤨🤬🤮🤷🥱🥲🥴🥹🫠🫤🙃😏😜😝😛😉😅😂🤣💔👎🖕💩🤡💀☠❌🚫⛔❓❔]/u;

/** True if signs in the answer show a price, or a mood that contradicts its words: "Yes for £5", "Yes :(". */
export function sours(text: string): boolean {
  const read = text.slice(0, longest).normalize('NFKC');
  return prices.test(read) || faces.test(read) || sadPictures.test(read);
}

function unwrap(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .reduce((all, line, index, lines) => all + (index === 0 ? '' : goesOn(lines[index - 1] ?? '', line) ? ' ' : '\n') + line, '');
}

function goesOn(before: string, line: string): boolean {
  return before.length >= wrappedAt && /^\s*\p{Ll}/u.test(line);
}

/** Letters that look alike become equal (NFKC, which may turn one letter into several), and accents are removed. */
function fold(text: string): string {
  return text.replace(apostrophes, '').replace(invisible, '').normalize('NFKC').slice(0, longest).normalize('NFD').replace(/\p{M}/gu, '');
}

function lower(word: string): string {
  return word.toLowerCase().replace(/[ßłøæœđðþı]/g, (letter) => alike[letter] ?? letter);
}

/** "S T O P" and "S.T.O.P." are "stop": three single letters or more in a row are one word. */
function joinSpelled(words: readonly Word[]): Word[] {
  const joined: Word[] = [];
  for (let at = 0; at < words.length;) {
    let end = at;
    while (/^\p{L}$/u.test(words[end]?.text ?? '')) end++;
    const run = words.slice(at, end);
    const first = run[0];
    if (first !== undefined && run.length >= 3) {
      joined.push({ ...first, text: run.map((word) => word.text).join('') });
    } else {
      end = Math.max(end, at + 1);
      joined.push(...words.slice(at, end));
    }
    at = end;
  }
  return joined;
}
