/** The types that the modules of the embedded stack share: a part, the places where it may be found, and a running part. */

export type PartName = 'postgresql' | 'redis' | 'temporal' | 'mail' | 'sms';

/** The ports of a stack, each stored in its data directory so that a second start has the same ones. */
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

/** The secrets that a first start generates and keeps; none has a default. */
export interface Secrets {
  readonly secret: string;
  readonly databasePassword: string;
  readonly twilioAccountSid: string;
  readonly twilioAuthToken: string;
}

/** Where a part is searched and where it keeps its data. */
export interface Surroundings {
  readonly env: Environment;
  /** Absolute; everything of one stack is below it. */
  readonly dataDir: string;
  /** Absolute; unpacked programs, shared by all stacks of a user. */
  readonly cacheDir: string;
  readonly secrets: Secrets;
  readonly ports: Readonly<Record<PortName, number>>;
  /** False lets PostgreSQL and Temporal skip waiting for the disk: data survive a killed process, but not a power cut. */
  readonly durable: boolean;
  /** True starts Temporal's own web interface. */
  readonly temporalUi: boolean;
  /** One line for a person, about what was found and where. */
  readonly log: (line: string) => void;
}

/** The address by which the doubles, and the people at this machine, reach the api. */
export const publicUrlOf = ({ ports }: Surroundings): string => `http://127.0.0.1:${ports.http}`;

/** An existing server, or a program that the stack runs itself. */
export type Found =
  | { readonly kind: 'address'; readonly address: string; readonly source: string }
  | { readonly kind: 'program'; readonly path: string; readonly source: string };

/** Why a place did not have the part. */
export interface Passed {
  readonly passed: string;
  /** True if a person should know: something was found, but cannot be used. */
  readonly remarkable?: boolean;
}

export type Place = (around: Surroundings) => Promise<Found | Passed>;

export interface RunningPart {
  /** The address as the processes of Perennial get it. */
  readonly address: string;
  /** The settings that make the processes of Perennial use this part. */
  readonly env: Readonly<Record<string, string>>;
  /** A page for people, if the part has one. */
  readonly page?: string;
  /** Absent if the part is not a separate process. */
  readonly pid?: number;
  /** Stops the part in an orderly way, and returns when it has ended. Harmless if it has already ended. */
  stop(): Promise<void>;
  /** Ends the part at once (SIGKILL), for tests of crashes; absent if the part is not a separate process. */
  kill?(): Promise<void>;
}

/** A found part that can be started, also more than once, at the same address. */
export interface FoundPart {
  readonly source: string;
  start(): Promise<RunningPart>;
}

/** One part of the embedded stack. */
export interface Part {
  readonly name: PartName;
  /** Its name for people. */
  readonly title: string;
  /** @throws StackProblem when no place has the part */
  find(around: Surroundings): Promise<FoundPart>;
}

/** Why the stack cannot start, as one sentence with advice. */
export class StackProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StackProblem';
  }
}

/**
 * Asks the places in order; the first that has the part is used.
 * @param what the part, as the beginning of a sentence
 * @param remedy the command that fixes it, as the end of that sentence
 * @throws StackProblem with one sentence: what is missing, why each place does not have it, what to do
 */
export async function findIn(places: readonly Place[], around: Surroundings, what: string, remedy: string): Promise<Found> {
  const reasons: string[] = [];
  for (const place of places) {
    const answer = await place(around);
    if (!('passed' in answer)) return answer;
    if (answer.remarkable === true) around.log(`Skipped: ${answer.passed}`);
    reasons.push(answer.passed);
  }
  throw new StackProblem(`${what} was not found (${reasons.join('; ')}): ${remedy}.`);
}

/** Like findIn, for places with programs only. @returns the program's path */
export async function programIn(places: readonly Place[], around: Surroundings, what: string, remedy: string): Promise<string> {
  const found = await findIn(places, around, what, remedy);
  if (found.kind === 'program') return found.path;
  throw new Error(`${what} is needed as a program, not at ${found.address}`);
}
