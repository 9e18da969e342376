/** One word of an answer, as the word lists spell it, and where it stands. */
export interface Word {
  readonly text: string;
  /** Clauses end at any mark, sentences at a full stop or a line; each is counted through the whole answer. */
  readonly clause: number;
  readonly sentence: number;
  readonly line: number;
  /** Begins with a capital letter, or is a number: a name may look so. */
  readonly proper: boolean;
}

/** Longer answers are cut off here: nobody opts out on page three, and hostile ones should cost little. In UTF-16 units and in words. */
const longest = 4_000;
const mostWords = 800;
/** A line as long as this was broken by a mail program: its sentence goes on in the next. */
const wrappedAt = 58;

const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const apostrophes = /['’‘ʼ`´]/gu;
const tokens =
  /(?<line>[\n\r]+)|(?<sentence>[.!?…。؟]+)|(?<clause>[,;:()¡¿–—"“”„«»]+|\s-+\s)|(?<word>[\p{L}\p{N}]+|\p{Extended_Pictographic})/gu;
/** Letters with a stroke, which Unicode does not take apart. */
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

/** True if the answer asks something: a question mark that does not stand inside an address. */
export function asks(text: string): boolean {
  return /[?？؟](?=\s|$|[\p{P}\p{S}])/u.test(text.slice(0, longest));
}

const prices = /[%‰\p{Sc}]/u;
/** Sad, angry, doubtful, winking and ironic faces typed as marks, and "/s", which says "I do not mean it". */
const faces =
  /(?<![\p{L}\p{N}])(?:[>|}]?[:;=8]['’]?[-^o~]?[(\[{<\/\\|@$#&*Ppc]|[;][-^o~]?[)\]D]|>[:;=][-^o]?[)\]]|[)\]}\\/][-^o]?['’]?[:;=]|-_+-|¬_*¬|>[_.]+<|\^\^['’]|[TtuUoO]_[TtuUoO]|[xX]D+|\/(?:s|sarc|sarcasm|irony)(?![\p{L}\p{N}\/])|\([!?]+\))/u;
/** A face as a picture that looks anything but glad; hands and things that refuse. */
const sadPictures =
  /[😐😑😒😓😔😕😖😞😟😠😡😢😣😤😥😦😧😨😩😪😫😬😭😮😯😰😱😳😵😶🙁🙄☹🤐🤔🤢🤥🤦🤧🤨🤬🤮🤷🥱🥲🥴🥹🫠🫤🙃😏😜😝😛😉😅😂🤣💔👎🖕💩🤡💀☠❌🚫⛔❓❔]/u;

/** True if signs in the answer speak of a price, or of a mood that takes its words back: "Yes for £5", "Yes :(". */
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

/** The letter forms that look alike to a reader become alike (NFKC, which may make many of one), and accents fall off. */
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
