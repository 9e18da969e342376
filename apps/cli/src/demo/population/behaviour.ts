import { createRandom, type Random } from '../../../../../libs/platform/random.js';

/**
 * How the demo's people behave. All of it is made up: it lets the measuring be watched at work and says nothing about
 * what a campaign brings. Only who is inclined to leave comes from the data (the label of the telephone company's file).
 */
export interface Person {
  /** The company's number for them: what their chance is drawn from. */
  readonly externalId: string;
  /** Churned, in the data. */
  readonly inclinedToLeave: boolean;
}

export type AnswerBy = 'link' | 'reply' | 'one-click';

export interface Reaction {
  readonly answer: 'accept' | 'decline' | 'question' | 'stop' | 'out-of-office' | 'small-talk';
  readonly by: AnswerBy;
  /** What they write, where they write. */
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

/** What a person does about a message, or undefined for silence. The same person and message give the same. */
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

/** Machines answer at once; people mostly within a day, some after three. */
function delay(answer: Reaction['answer'], random: Random): number {
  if (answer === 'out-of-office') return 60_000;
  return Math.round(0.5 * hour + 3 * day * random.next() ** 2.5);
}

/**
 * When a person would leave, in campaign milliseconds after the campaign began, if nothing kept them; undefined for
 * those who stay. Drawn before anything is sent and the same for both arms; late enough that most have had their offer.
 */
export function leavesAfter(seed: string, person: Person, windowMs: number): number | undefined {
  const random = createRandom(`${seed}:${person.externalId}:leaving`);
  if (!random.chance(person.inclinedToLeave ? 0.7 : 0.08)) return undefined;
  return Math.round(windowMs * (0.5 + 0.9 * random.next()));
}

/** Whether an accepted offer keeps somebody who was about to leave. */
export function isKept(seed: string, person: Person): boolean {
  return createRandom(`${seed}:${person.externalId}:kept`).chance(0.8);
}
