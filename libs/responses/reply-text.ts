/** One word of an answer, as the word lists spell it, and the clause that it stands in. */
export interface Word {
  readonly text: string;
  readonly clause: number;
}

/** Longer answers are cut off here: nobody opts out on page three, and hostile ones should cost little. */
const longest = 4_000;

const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const apostrophes = /['’‘ʼ`´]/gu;
const betweenClauses = /[.,;:!?¡¿…\n\r]+/u;
const notWords = /[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu;

/** Splits an answer into words without case, accents, punctuation, apostrophes and anything invisible. */
export function readWords(text: string): Word[] {
  const plain = fold(text.slice(0, longest));
  return joinSpelled(
    plain.split(betweenClauses).flatMap((clause, index) =>
      clause
        .replace(/\p{Extended_Pictographic}/gu, ' $& ')
        .replace(notWords, ' ')
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => ({ text: word, clause: index })),
    ),
  );
}

/** True where the answer asks something: a question mark that does not stand inside an address. */
export function asks(text: string): boolean {
  return /[?？؟](?=\s|$|[\p{P}\p{S}])/u.test(text.slice(0, longest));
}

/** The letter forms that look alike to a reader become alike (NFKC), accents fall off, case goes. */
function fold(text: string): string {
  return text
    .replace(apostrophes, '')
    .replace(invisible, '')
    .normalize('NFKC')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss');
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
      joined.push({ text: run.map((word) => word.text).join(''), clause: first.clause });
    } else {
      end = Math.max(end, at + 1);
      joined.push(...words.slice(at, end));
    }
    at = end;
  }
  return joined;
}
