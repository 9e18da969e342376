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

/** The state of one journey. Plain JSON; instants are milliseconds since 1970 in campaign time. */
export interface JourneyState {
  readonly enteredAt: number;
  readonly windowEndsAt: number;
  readonly started: boolean;
  /** The current step; null before the start and after the end. */
  readonly at: string | null;
  /** Until when it is parked; null if it is not parked. */
  readonly waitingUntil: number | null;
  /** How it ended; null while it runs. */
  readonly outcome: string | null;
  /** The visit to `at`. */
  readonly visit: Visit | null;
  readonly visits: number;
  /** The one effect that the shell is performing. */
  readonly outstanding: JourneyEffect | null;
  /** The outstanding effect was refused because the campaign is paused. */
  readonly paused: boolean;
  /** Where a step wants to go, kept until the inbox has been handled: an answer takes precedence over the end of a journey. */
  readonly next: { readonly step: string; readonly move: Move } | null;
  /** The effect that follows when nothing more urgent is left. */
  readonly due: JourneyEffect | null;
  readonly goalCheckDue: boolean;
  readonly cancelRequested: boolean;
  readonly inbox: Inbox;
  /** How many effects each step has had. */
  readonly occurrences: Readonly<Record<string, number>>;
  /** Channels that failed permanently, by step. */
  readonly except: Readonly<Record<string, readonly string[]>>;
  readonly lastMessage: { readonly messageId: string; readonly step: string; readonly channel: string } | null;
  /** The outcome that the last answer leads to: a cancellation after it does not change the outcome. Null if there was no answer. */
  readonly answered: string | null;
  /** The listening step that was left last: a late answer takes its ways. */
  readonly listened: string | null;
}

/** The result of one input. */
export interface Advance {
  readonly state: JourneyState;
  /** At most one. Without one, the shell continues its present effect, or waits for a signal, as before. */
  readonly effects: readonly JourneyEffect[];
  /** Visits that began or ended, each in its latest form. */
  readonly visits: readonly Visit[];
}

/**
 * The state of a journey before its start.
 * @throws Error if the graph contains a step kind that does not exist
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
 * Moves a journey by one input. Pure: the same arguments give the same result, and nothing is changed in place. An input that does not fit
 * the state (a second start, a late timer, a known id) changes nothing.
 *
 * In order of urgency: a cancellation (an earlier answer gives its outcome), then signals in the order of arrival, then the end of the
 * window, then the next step. So an answer that arrived before the end of the window was noticed still counts.
 */
export function advance(graph: JourneyGraph, state: JourneyState, input: JourneyInput, now: number): Advance {
  const turn: Turn = { graph, now, draft: { ...state }, visits: new Map() };
  if (!take(turn, input)) return { state, effects: [], visits: [] };
  const effects = settle(turn);
  return { state: turn.draft, effects, visits: [...turn.visits.values()] };
}

/** Accepts the input. False if it does not fit and nothing changes. */
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

/** Handles what waits, most urgent first, and returns what the shell does next. */
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

/**
 * Ends the journey with the outcome of the customer's answer, handled or waiting, or as cancelled if there was no answer. No further step
 * begins.
 */
function cancel(turn: Turn): void {
  const { draft } = turn;
  const waiting = draft.inbox.queue.find((signal) => signal.kind === 'response');
  if (waiting !== undefined && draft.started) handleAnswer(turn, waiting.answer);
  if (draft.outcome === null) close(turn, draft.answered ?? 'cancelled', 'cancelled');
}

/** Returns the next effect, which is now outstanding. */
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

/** Accepts the result of the outstanding effect. False if it is not a result of that effect. */
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

/** Accepts the result of an effect that the engine itself requested, or the report that the campaign is paused. */
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
  // A timer that fired early leaves the journey parked. At the end of the window the window ends, not the step.
  if (turn.now < draft.waitingUntil || turn.now >= draft.windowEndsAt) return true;
  const step = stepOf(turn.graph, draft.at);
  const move = stepKinds.get(step.kind).elapsed?.(step, contextOf(turn, step.id));
  if (move === undefined) return false;
  draft.waitingUntil = null;
  draft.next = { step: step.id, move };
  return true;
}

/** A refused effect was not performed: it is due again, after the inputs that came in the meantime. */
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
 * An answer takes the ways of a listening step: the current one, otherwise the one that was left last, otherwise the nearest one ahead. If
 * nothing in the journey listens, the default endings serve.
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
 * A message failed permanently: the journey goes back to the step that sent it and tries without that channel (`late`: the channel works,
 * only the message's time had passed). If a later message has been sent since, nothing changes.
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
