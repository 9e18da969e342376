import type { Clock } from '../../../../../libs/platform/clock.js';
import { Agenda } from './agenda.js';
import { isKept, leavesAfter, reactionTo, type Person, type Reaction } from './behaviour.js';
import type { AnswerChannels, Received } from './answer-channels.js';

/** Where the demo's people find their new messages. */
export type Postbox = () => Promise<Received[]>;

export interface PopulationPlan {
  readonly seed: string;
  /** Each person by each of their addresses. */
  readonly people: ReadonlyMap<string, Person>;
  readonly postboxes: readonly Postbox[];
  readonly channels: AnswerChannels;
  readonly clock: Clock;
  readonly windowMs: number;
  /** Reports to the company that these contracts ended. */
  readonly leave: (people: readonly { readonly externalId: string; readonly at: Date }[]) => Promise<void>;
}

type Intent =
  | { readonly kind: 'answer'; readonly person: Person; readonly received: Received; readonly reaction: Reaction }
  | { readonly kind: 'leave'; readonly person: Person };

const tick = 200;

/** A seeded population that reads its mail and texts, answers or not, and churns or stays, in campaign time. */
export class Population {
  private readonly agenda = new Agenda<Intent>();
  private readonly received = new Map<string, number>();
  private readonly accepted = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;
  /** The first error, if there was one: the demo reports it instead of showing figures that are too low. */
  failure: unknown;
  answers = 0;

  constructor(private readonly plan: PopulationPlan) {}

  start(): void {
    const began = this.plan.clock.now().getTime();
    for (const person of new Set(this.plan.people.values())) {
      const after = leavesAfter(this.plan.seed, person, this.plan.windowMs);
      if (after !== undefined) this.agenda.add(began + after, { kind: 'leave', person });
    }
    this.schedule();
  }

  /** Lets the present turn end; nobody answers after that. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.turn;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.turn = this.live()
        .catch((error: unknown) => (this.failure ??= error))
        .then(() => {
          if (!this.stopped) this.schedule();
        });
    }, tick);
  }

  private async live(): Promise<void> {
    const batches = await Promise.all(this.plan.postboxes.map((postbox) => postbox()));
    const now = this.plan.clock.now();
    for (const received of batches.flat()) this.read(received, now.getTime());
    const due = this.agenda.takeDue(now.getTime());
    await Promise.all([...due.map((intent) => this.answer(intent)), this.leave(due, now)]);
  }

  private read(received: Received, now: number): void {
    const person = this.plan.people.get(received.to);
    if (person === undefined) return;
    const ordinal = (this.received.get(person.externalId) ?? 0) + 1;
    this.received.set(person.externalId, ordinal);
    const reaction = reactionTo(this.plan.seed, person, { channel: received.channel, ordinal });
    if (reaction !== undefined) this.agenda.add(now + reaction.after, { kind: 'answer', person, received, reaction });
  }

  private async answer(intent: Intent): Promise<void> {
    if (intent.kind !== 'answer') return;
    await this.plan.channels.answer(intent.received, intent.reaction);
    this.answers += 1;
    if (intent.reaction.answer === 'accept') this.accepted.add(intent.person.externalId);
  }

  private async leave(due: readonly Intent[], now: Date): Promise<void> {
    const leaving = due.filter(
      ({ kind, person }) => kind === 'leave' && !(this.accepted.has(person.externalId) && isKept(this.plan.seed, person)),
    );
    if (leaving.length > 0) await this.plan.leave(leaving.map(({ person }) => ({ externalId: person.externalId, at: now })));
  }
}
