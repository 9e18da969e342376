/**
 * Where made-up customers live: a time zone, its language, and telephone numbers that its regulator reserves for fiction, so that no text
 * can ever reach a real person. Sources: NANPA (line numbers 555-0100 to 555-0199 of every area code), Ofcom "Telephone numbers for drama",
 * ARCEP (blocks for audiovisual works), Bundesnetzagentur notice 148/2021, ComReg (020 91x), PTS.
 */
export interface Place {
  readonly weight: number;
  readonly timeZone: string;
  readonly language: Language;
  readonly numbers: readonly NumberBlock[];
}

export type Language = 'en' | 'de' | 'fr' | 'es' | 'sv';

/** `count` numbers from `first` on, in E.164 form. */
export interface NumberBlock {
  readonly first: string;
  readonly count: number;
}

const block = (count: number, ...firsts: string[]): NumberBlock[] => firsts.map((first) => ({ first, count }));
const american = (...areas: number[]): NumberBlock[] => areas.map((area) => ({ first: `+1${area}5550100`, count: 100 }));

const british = block(
  1000,
  ...['+442079460000', '+441134960000', '+441144960000', '+441164960000', '+441174960000', '+441184960000'],
  ...['+441214960000', '+441314960000', '+441414960000', '+441514960000', '+441614960000', '+441914980000', '+442920180000'],
);
const french = block(10_000, '+33639980000', '+33199000000', '+33261910000', '+33353010000', '+33465710000', '+33536490000');
const german = [
  ...block(1000, '+493023125000', '+496990009000', '+494066969000', '+492214710000', '+498999998000'),
  ...block(100, '+491713920000', '+4917604069000'),
];
const swedish = block(95, '+46701740605', '+46313900605', '+46406280405', '+46846500405', '+46980319205');

const pacific = american(
  ...[206, 209, 213, 253, 310, 323, 360, 408, 415, 425, 503, 510, 530, 559, 619, 626, 650, 702, 707, 714, 775, 805, 818],
);

export const places: readonly Place[] = [
  { weight: 18, timeZone: 'Europe/London', language: 'en', numbers: british },
  { weight: 5, timeZone: 'Europe/Dublin', language: 'en', numbers: block(10_000, '+353209100000') },
  { weight: 20, timeZone: 'Europe/Paris', language: 'fr', numbers: french },
  { weight: 20, timeZone: 'Europe/Berlin', language: 'de', numbers: german },
  { weight: 3, timeZone: 'Europe/Stockholm', language: 'sv', numbers: swedish },
  {
    weight: 14,
    timeZone: 'America/New_York',
    language: 'en',
    numbers: american(
      201,
      202,
      203,
      212,
      215,
      216,
      240,
      267,
      301,
      305,
      315,
      401,
      404,
      407,
      410,
      412,
      413,
      508,
      516,
      617,
      646,
      703,
      704,
      718,
      919,
    ),
  },
  {
    weight: 9,
    timeZone: 'America/Chicago',
    language: 'en',
    numbers: american(205, 210, 214, 217, 225, 251, 309, 312, 314, 316, 402, 405, 414, 469, 501, 504, 512, 601, 612, 615),
  },
  { weight: 3, timeZone: 'America/Denver', language: 'en', numbers: american(303, 307, 385, 406, 435, 505, 575, 719, 720, 801, 970) },
  { weight: 1, timeZone: 'America/Phoenix', language: 'en', numbers: american(480, 520, 602, 623, 928) },
  { weight: 5, timeZone: 'America/Los_Angeles', language: 'en', numbers: pacific },
  { weight: 2, timeZone: 'America/Los_Angeles', language: 'es', numbers: pacific },
];

/** How many numbers a place has. */
export function numberCount(place: Place): number {
  return place.numbers.reduce((sum, { count }) => sum + count, 0);
}

/** The number at `index`, from 0 up to the count of the place. */
export function numberAt(place: Place, index: number): string {
  let left = index;
  for (const { first, count } of place.numbers) {
    if (left < count) return `+${Number(first.slice(1)) + left}`;
    left -= count;
  }
  throw new RangeError(`${place.timeZone} has no number ${index}`);
}
