import { createRandom, type Random } from '../../../../../libs/platform/random.js';

/**
 * How the demo's people behave. Everything is made up: it shows how the measurement works, and says nothing about the effect of a real
 * campaign. Only who is inclined to churn comes from the data (the label of the telephone company's file).
 */
export interface Person {
  /** The company's number for them, which seeds their random choices. */
  readonly externalId: string;
  /** Churned, in the data. */
  readonly inclinedToLeave: boolean;
}

export type AnswerBy = 'link' | 'reply' | 'one-click';

export interface Reaction {
  readonly answer: 'accept' | 'decline' | 'question' | 'stop' | 'out-of-office' | 'small-talk';
  readonly by: AnswerBy;
  /** Their text, if they write. */
  readonly words: string;
  /** Campaign milliseconds after the message. */
  readonly after: number;
}

const day = 24 * 60 * 60 * 1000;
const hour = day / 24;

const reactions = [
  { weight: 32, answer: 'accept' },
  { weight: 10, answer: 'decline' },
  { weight: 3, answer: 'question' },
  { weight: 3, answer: 'stop' },
  { weight: 6, answer: 'out-of-office' },
  { weight: 1, answer: 'small-talk' },
  { weight: 45, answer: 'silence' },
] as const;

const words: Readonly<Record<Reaction['answer'], readonly string[]>> = {
  accept: ['YES', 'Yes please', 'yes', 'Ja', 'Sí', 'Oui'],
  decline: ['NO', 'No thanks', 'no thank you', 'Nein danke'],
  question: ['How long would that run?', 'Does this change my contract?', 'Can I combine it with my current plan?'],
  stop: ['STOP', 'stop please', 'Unsubscribe', 'ARRET'],
  'out-of-office': ['I am away until Monday and will read my mail then.'],
  'small-talk': ['Greetings from the sea', 'ok whatever'],
};

/** What a person does about a message, or undefined for silence. The same person and message give the same result. */
export function reactionTo(
  seed: string,
  person: Person,
  message: { readonly channel: 'email' | 'sms'; readonly ordinal: number },
): Reaction | undefined {
  const random = createRandom(`${seed}:${person.externalId}:${message.channel}:${message.ordinal}`);
  const { answer } = random.weighted(reactions);
  if (answer === 'silence' || (answer === 'out-of-office' && message.channel === 'sms')) return undefined;
  return { answer, by: wayOf(answer, message.channel, random), words: random.pick(words[answer]), after: delay(answer, random) };
}

function wayOf(answer: Reaction['answer'], channel: 'email' | 'sms', random: Random): AnswerBy {
  if (answer === 'stop') return channel === 'email' && random.chance(0.8) ? 'one-click' : 'reply';
  const canClick = answer === 'accept' || answer === 'decline';
  return canClick && random.chance(channel === 'email' ? 0.75 : 0.3) ? 'link' : 'reply';
}

/** Machines answer at once; most people within a day, some after three. */
function delay(answer: Reaction['answer'], random: Random): number {
  if (answer === 'out-of-office') return 60_000;
  return Math.round(0.5 * hour + 3 * day * random.next() ** 2.5);
}

/**
 * When a person would churn without an offer, in campaign milliseconds after the start of the campaign; undefined for people who stay. It
 * is drawn before anything is sent, in the same way for both arms, and late enough that most have received their offer.
 */
export function leavesAfter(seed: string, person: Person, windowMs: number): number | undefined {
  const random = createRandom(`${seed}:${person.externalId}:leaving`);
  if (!random.chance(person.inclinedToLeave ? 0.7 : 0.08)) return undefined;
  return Math.round(windowMs * (0.5 + 0.9 * random.next()));
}

/** Whether an accepted offer keeps a person who would have churned. */
export function isKept(seed: string, person: Person): boolean {
  return createRandom(`${seed}:${person.externalId}:kept`).chance(0.8);
}
