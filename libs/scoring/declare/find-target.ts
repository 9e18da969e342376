import type { ScoreName } from '../../scores/kinds/table.js';
import type { SampleColumn } from './sample.js';
import { namedAfter, saysChurnedWord, saysLifetimeValue } from './words.js';

/** The column that seems to say what a score predicts. */
export interface Target {
  readonly column: string;
  readonly score: ScoreName;
  /** The cells that say that it happened; undefined where the column holds a value. An empty cell is ''. */
  readonly happened: readonly string[] | undefined;
  /** The cells that say that it did not. */
  readonly otherwise: readonly string[];
  readonly reason: string;
  /** Nothing in its name or its words says what happened: a person must. */
  readonly isGuess: boolean;
  /** Other columns that it could be, the likeliest first. */
  readonly others: readonly string[];
}

type Candidate = Omit<Target, 'others' | 'isGuess'> & { readonly likeness: number };

/** The likeliest target; undefined where no column could be one. */
export function findTarget(columns: readonly SampleColumn[]): Target | undefined {
  const candidates = columns
    .flatMap((each, index) => candidateOf(each, index === columns.length - 1))
    .sort((a, b) => b.likeness - a.likeness);
  const [best] = candidates;
  if (best === undefined) return undefined;
  const { likeness, ...found } = best;
  // Several columns of yes and no without a name that says anything: only the last of the file is a guess worth making.
  if (likeness === onlyYesOrNo && candidates.length > 1) return undefined;
  const others = candidates.slice(1).filter((each) => likeness < likelyByName || each.likeness >= likelyByName);
  return { ...found, isGuess: likeness < likelyByName, others: others.map(({ column }) => column) };
}

const likelyByName = 3;
const onlyYesOrNo = 1;

function candidateOf({ column, name, cells, looks }: SampleColumn, isLast: boolean): Candidate[] {
  const named = namedAfter(column);
  const last = isLast ? 0.5 : 0;
  if (looks.kind === 'number' && saysLifetimeValue(column)) {
    const reason = 'its name says that it is what a customer was worth';
    return [{ column, score: 'clv', happened: undefined, otherwise: [], reason, likeness: likelyByName }];
  }
  if (looks.kind === 'yes-no') {
    const yes = wordsThat(looks.words, true, looks.blank);
    const no = wordsThat(looks.words, false, looks.blank);
    if (named === 'target') {
      return [
        {
          column,
          score: 'churn',
          happened: yes,
          otherwise: no,
          reason: 'it is yes or no, and named as what the file is about',
          likeness: 4 + last,
        },
      ];
    }
    if (named !== undefined) {
      const [happened, otherwise] = named.opposite ? [no, yes] : [yes, no];
      const reason = `it is yes or no, and its name says ${named.opposite ? 'who stayed' : saidOf[named.score]}`;
      return [{ column, score: named.score, happened, otherwise, reason, likeness: (named.opposite ? 3 : 5) + last }];
    }
    if (name === undefined) return [];
    const place = isLast ? 'it is yes or no, and the last column' : 'it is the only column of yes and no';
    return [{ column, score: 'churn', happened: yes, otherwise: no, reason: place, likeness: onlyYesOrNo + last }];
  }
  if (looks.kind !== 'category') return [];
  const words = [...new Set(cells.filter((cell) => cell !== ''))].sort();
  const happened = words.filter(saysChurnedWord);
  const otherwise = words.filter((word) => !saysChurnedWord(word));
  if (words.length > mostStates || happened.length === 0 || otherwise.length === 0) return [];
  const reason = `it has ${words.length} words, of which ${happened.map(quoted).join(' and ')} says who left`;
  return [{ column, score: 'churn', happened, otherwise, reason, likeness: (named === undefined ? 3 : 4.5) + last }];
}

/** A column that says how it stands with a customer has few words. */
const mostStates = 4;

const saidOf: Readonly<Record<ScoreName, string>> = {
  churn: 'who left',
  bad_debt: 'who did not pay',
  upsell: 'who took more',
  crosssell: 'who took something else as well',
  clv: 'what a customer was worth',
  influence: 'whom others follow',
};

function wordsThat(words: Readonly<Record<string, boolean>>, meaning: boolean, blank: boolean | undefined): string[] {
  return [...Object.keys(words).filter((word) => words[word] === meaning), ...(blank === meaning ? [''] : [])];
}

export const quoted = (word: string): string => (word === '' ? 'an empty cell' : `"${word}"`);
