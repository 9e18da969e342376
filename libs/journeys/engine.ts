import {
  isEngineEffect,
  isEngineResult,
  type EffectResult,
  type EngineResult,
  type JourneyEffect,
  type JourneyInput,
  type Visit,
} from './effects.js';
import type { JourneyGraph } from './graph.js';
import { emptyInbox, receive, type Inbox } from './inbox.js';
import { answers, type Answer } from './answers/table.js';
import type { JourneySignal } from './journey-signal.js';
import { apply, close, contextOf, enter, follow, listenerOf, leadsToListener, stepOf, type Turn } from './moves.js';
import type { Move } from './steps/step-kind.js';
import { stepKinds } from './steps/table.js';

/** Where one journey stands. Plain JSON; instants are milliseconds since 1970 in campaign time. */
export interface JourneyState {
  readonly enteredAt: number;
  readonly windowEndsAt: number;
  readonly started: boolean;
  /** The step it stands at; null before the start and after the end. */
  readonly at: string | null;
  /** Until when it is parked; null while it is not. */
  readonly waitingUntil: number | null;
  /** How it ended; null while it runs. */
  readonly outcome: string | null;
  /** The visit to `at`. */
  readonly visit: Visit | null;
  readonly visits: number;
  /** The one effect that the shell has in hand. */
  readonly outstanding: JourneyEffect | null;
  /** The outstanding effect was refused because the campaign is paused. */
  readonly paused: boolean;
  /** Where a step wants to go, kept until what waits in the inbox was heard: an answer beats the end of a journey. */
  readonly next: { readonly step: string; readonly move: Move } | null;
  /** The effect that follows once nothing more urgent is left. */
  readonly due: JourneyEffect | null;
  readonly goalCheckDue: boolean;
  readonly cancelRequested: boolean;
  readonly inbox: Inbox;
  /** How many effects each step has had. */
  readonly occurrences: Readonly<Record<string, number>>;
  /** Channels that failed for good, by step. */
  readonly except: Readonly<Record<string, readonly string[]>>;
  readonly lastMessage: { readonly messageId: string; readonly step: string; readonly channel: string } | null;
  /** The ending that the last answer stands for: a cancellation after it is not the outcome. Null if none was heard. */
  readonly answered: string | null;
  /** The listening step that was left last: its ways serve an answer that comes late. */
  readonly listened: string | null;
}

/** What one input led to. */
export interface Advance {
  readonly state: JourneyState;
  /** At most one. None: the shell goes on with what it has in hand, or waits for a signal, as before. */
  readonly effects: readonly JourneyEffect[];
  /** Visits that began or were left, each in its latest form. */
  readonly visits: readonly Visit[];
}

/**
 * The state of a journey before its start.
 * @throws Error if the graph holds a step kind that does not exist
 */
export function initialState(graph: JourneyGraph, enteredAt: number, windowEndsAt: number): JourneyState {
  for (const step of Object.values(graph.steps)) stepKinds.get(step.kind);
  return {
    enteredAt,
    windowEndsAt,
    started: false,
    at: null,
    waitingUntil: null,
    outcome: null,
    visit: null,
    visits: 0,
    outstanding: null,
    paused: false,
    next: null,
    due: null,
    goalCheckDue: false,
    cancelRequested: false,
    inbox: emptyInbox,
    occurrences: {},
    except: {},
    lastMessage: null,
    answered: null,
    listened: null,
  };
}

/**
 * Moves a journey by one input. Pure: the same arguments give the same answer, nothing is changed in place.
 * An input that does not fit where the journey stands (a second start, a late timer, an id it has seen) changes nothing.
 *
 * In order of urgency: a cancellation (of which an answer that came before it gives the outcome), then signals as they came, then the end of the window, then the next step.
 * So an answer that was there before the window's end was noticed still counts.
 */
export function advance(graph: JourneyGraph, state: JourneyState, input: JourneyInput, now: number): Advance {
  const turn: Turn = { graph, now, draft: { ...state }, visits: new Map() };
  if (!take(turn, input)) return { state, effects: [], visits: [] };
  const effects = settle(turn);
  return { state: turn.draft, effects, visits: [...turn.visits.values()] };
}

/** Lets the input in. False if it does not fit and nothing changes. */
function take(turn: Turn, input: JourneyInput): boolean {
  const { draft } = turn;
  switch (input.kind) {
    case 'started':
      if (draft.started || draft.outcome !== null) return false;
      draft.started = true;
      enter(turn, turn.graph.first);
      return true;
    case 'performed':
      return draft.outstanding !== null && !draft.paused && perform(turn, draft.outstanding, input.result);
    case 'elapsed':
      return elapse(turn);
    case 'resumed':
      if (!draft.paused) return false;
      release(turn);
      return true;
    case 'signalled': {
      if (input.signal.kind === 'customer-erased') return take(turn, { kind: 'cancelled' });
      if (draft.outcome !== null) return false;
      const inbox = receive(draft.inbox, input.signal);
      if (inbox === draft.inbox) return false;
      draft.inbox = inbox;
      return true;
    }
    case 'cancelled':
      if (draft.outcome !== null) return false;
      draft.cancelRequested = true;
      if (draft.paused) release(turn);
      return true;
  }
}

/** Handles what waits, most urgent first, and says what the shell does next. */
function settle(turn: Turn): readonly JourneyEffect[] {
  const { draft } = turn;
  if (draft.outstanding !== null) return [];
  if (draft.cancelRequested && draft.outcome === null) cancel(turn);
  if (!draft.started && draft.outcome === null) return [];
  if (leadsToListener(turn)) follow(turn);
  while (draft.outcome === null && !draft.goalCheckDue) {
    const [signal, ...rest] = draft.inbox.queue;
    if (signal === undefined) break;
    draft.inbox = { ...draft.inbox, queue: rest };
    handleSignal(turn, signal);
  }
  if (draft.outcome === null && !draft.goalCheckDue) {
    if (turn.now >= draft.windowEndsAt) close(turn, 'expired', 'expired');
    else follow(turn);
  }
  return ask(draft);
}

/** Ends the journey as the customer answered, heard or waiting; as cancelled only where they said nothing. No step is begun any more. */
function cancel(turn: Turn): void {
  const { draft } = turn;
  const waiting = draft.inbox.queue.find((signal) => signal.kind === 'response');
  if (waiting !== undefined && draft.started) handleAnswer(turn, waiting.answer);
  if (draft.outcome === null) close(turn, draft.answered ?? 'cancelled', 'cancelled');
}

/** The next effect, which is outstanding from now on. */
function ask(draft: Turn['draft']): readonly JourneyEffect[] {
  if (draft.goalCheckDue) {
    const step = draft.at ?? '';
    draft.goalCheckDue = false;
    draft.outstanding = { kind: 'check-goal', step, lastOccurrence: draft.occurrences[step] ?? 0, visit: draft.visits };
    return [draft.outstanding];
  }
  if (draft.due !== null) {
    draft.outstanding = draft.due;
    draft.due = null;
    return [draft.outstanding];
  }
  return draft.at !== null && draft.waitingUntil !== null ? [{ kind: 'park', step: draft.at, until: draft.waitingUntil }] : [];
}

/** Takes the result of the outstanding effect. False if it is not a result of that effect. */
function perform(turn: Turn, effect: JourneyEffect, result: EffectResult): boolean {
  const { draft } = turn;
  if (isEngineResult(result)) return performOwn(turn, effect, result);
  if (isEngineEffect(effect)) return false;
  const step = stepOf(turn.graph, effect.step);
  const kind = stepKinds.get(step.kind);
  const move = kind.results?.includes(result.kind) ? kind.performed?.(step, result) : undefined;
  if (move === undefined) return false;
  draft.outstanding = null;
  if (move.kind === 'leave' && move.sent !== undefined) draft.lastMessage = { ...move.sent, step: step.id };
  draft.next = { step: step.id, move };
  return true;
}

/** Takes the result of an effect that the engine itself asked for, or that the campaign is paused. */
function performOwn(turn: Turn, effect: JourneyEffect, result: EngineResult): boolean {
  const { draft } = turn;
  if (result.kind === 'paused') {
    draft.paused = true;
    if (draft.cancelRequested) release(turn);
    return true;
  }
  if (effect.kind === 'close' && result.kind === 'closed') {
    draft.outstanding = null;
    return true;
  }
  if (effect.kind !== 'check-goal' || result.kind !== 'goal-checked') return false;
  draft.outstanding = null;
  if (result.reached) close(turn, 'saved', 'goal');
  else if (result.churned) close(turn, 'churned', 'churned');
  return true;
}

function elapse(turn: Turn): boolean {
  const { draft } = turn;
  if (draft.outstanding !== null || draft.waitingUntil === null || draft.at === null) return false;
  // A timer that fired early leaves it parked; at the window's end it is the window that ends, not the step.
  if (turn.now < draft.waitingUntil || turn.now >= draft.windowEndsAt) return true;
  const step = stepOf(turn.graph, draft.at);
  const move = stepKinds.get(step.kind).elapsed?.(step, contextOf(turn, step.id));
  if (move === undefined) return false;
  draft.waitingUntil = null;
  draft.next = { step: step.id, move };
  return true;
}

/** A refused effect was not done: it is due again, after whatever came in the meantime. */
function release({ draft }: Turn): void {
  if (draft.outstanding?.kind === 'check-goal') draft.goalCheckDue = true;
  else draft.due = draft.outstanding;
  draft.outstanding = null;
  draft.paused = false;
}

function handleSignal(turn: Turn, signal: JourneySignal): void {
  if (signal.kind === 'customer-changed') turn.draft.goalCheckDue = true;
  else if (signal.kind === 'response') handleAnswer(turn, signal.answer);
  else if (signal.kind === 'message-failed') retry(turn, signal);
}

/**
 * An answer takes the ways of the step that listens: the one the journey stands at, else the one it left last, else the
 * nearest ahead. If nothing in the journey listens, the default endings serve.
 */
function handleAnswer(turn: Turn, answer: Answer): void {
  const { graph, draft } = turn;
  const step = listenerOf(graph, draft.at ?? graph.first, draft.listened);
  const move = stepKinds.get(step.kind).answered?.(step, answer);
  if (move === undefined) return;
  draft.answered = answers.get(answer).journey?.ending ?? null;
  apply(turn, step, move);
}

/**
 * A message failed for good: the journey goes back to the step that sent it and tries without that channel (`late`: the
 * channel is sound, only its time had passed). Where a later message has gone out since, that one stands.
 */
function retry(turn: Turn, signal: Extract<JourneySignal, { kind: 'message-failed' }>): void {
  const { graph, draft } = turn;
  const failed = draft.lastMessage;
  if (failed === null || failed.messageId !== signal.messageId) return;
  const except = draft.except[failed.step] ?? [];
  if (signal.why !== 'late' && !except.includes(signal.channel)) {
    draft.except = { ...draft.except, [failed.step]: [...except, signal.channel] };
  }
  enter(turn, stepOf(graph, failed.step).id, 'failed');
}
