/** The words that the modules of the embedded stack share: what a part is, where it may be found, and what runs. */

export type PartName = 'postgresql' | 'redis' | 'temporal' | 'mail' | 'sms';

/** The ports that a stack gives out, each remembered in its data directory so that a second start has the same ones. */
export const portNames = [
  'postgresql',
  'redis',
  'temporal',
  'temporalUi',
  'smtp',
  'mailPage',
  'twilio',
  'http',
  'inboundSmtp',
  'workerHealth',
  'dispatcherHealth',
] as const;
export type PortName = (typeof portNames)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a first start makes up and keeps; none of it has a default. */
export interface Secrets {
  readonly secret: string;
  readonly databasePassword: string;
  readonly twilioAccountSid: string;
  readonly twilioAuthToken: string;
}

/** Where a part is looked for and where it keeps its data. */
export interface Surroundings {
  readonly env: Environment;
  /** Absolute; everything of one stack lies below it. */
  readonly dataDir: string;
  /** Absolute; unpacked programs, shared by all stacks of a user. */
  readonly cacheDir: string;
  readonly secrets: Secrets;
  readonly ports: Readonly<Record<PortName, number>>;
  /** False lets PostgreSQL and Temporal skip waiting for the disk: data survive a killed process, but not a power cut. */
  readonly durable: boolean;
  /** True makes Temporal bring its own screen. */
  readonly temporalUi: boolean;
  /** One line for a person, about what was found and where. */
  readonly log: (line: string) => void;
}

/** The address by which the doubles, and the people at this machine, reach the api. */
export const publicUrlOf = ({ ports }: Surroundings): string => `http://127.0.0.1:${ports.http}`;

/** A server that somebody else runs, or a program that the stack runs itself. */
export type Found =
  | { readonly kind: 'address'; readonly address: string; readonly source: string }
  | { readonly kind: 'program'; readonly path: string; readonly source: string };

/** Why a place did not have the part. */
export interface Passed {
  readonly passed: string;
  /** True if a person would wonder: something was there, but it will not do. */
  readonly remarkable?: boolean;
}

export type Place = (around: Surroundings) => Promise<Found | Passed>;

export interface RunningPart {
  /** As the processes of Perennial get it. */
  readonly address: string;
  /** The settings that make the processes of Perennial use this part. */
  readonly env: Readonly<Record<string, string>>;
  /** A page for people, where the part has one. */
  readonly page?: string;
  /** Absent where the part is not a process of its own. */
  readonly pid?: number;
  /** Ends the part in its own order, and returns when it has ended. Harmless when it has ended before. */
  stop(): Promise<void>;
  /** Ends the part at once (SIGKILL), for tests of crashes; absent where the part is not a process of its own. */
  kill?(): Promise<void>;
}

/** A part that was found and can be started, also more than once: the address stays the same. */
export interface FoundPart {
  readonly source: string;
  start(): Promise<RunningPart>;
}

/** One part of the embedded stack. */
export interface Part {
  readonly name: PartName;
  /** The name by which people know it. */
  readonly title: string;
  /** @throws StackProblem when no place has the part */
  find(around: Surroundings): Promise<FoundPart>;
}

/** What keeps the stack from starting, as one sentence that says what to do. */
export class StackProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StackProblem';
  }
}

/**
 * Asks the places in their order; the first that has the part wins.
 * @param what the part, as the beginning of a sentence
 * @param remedy the command that fixes it, as the end of that sentence
 * @throws StackProblem with one sentence: what is missing, why each place did not have it, what to do
 */
export async function findIn(places: readonly Place[], around: Surroundings, what: string, remedy: string): Promise<Found> {
  const reasons: string[] = [];
  for (const place of places) {
    const answer = await place(around);
    if (!('passed' in answer)) return answer;
    if (answer.remarkable === true) around.log(`Passed over: ${answer.passed}`);
    reasons.push(answer.passed);
  }
  throw new StackProblem(`${what} was not found (${reasons.join('; ')}): ${remedy}.`);
}

/** Like findIn, for places that hold programs only. @returns the program's path */
export async function programIn(places: readonly Place[], around: Surroundings, what: string, remedy: string): Promise<string> {
  const found = await findIn(places, around, what, remedy);
  if (found.kind === 'program') return found.path;
  throw new Error(`${what} is wanted as a program, not at ${found.address}`);
}
