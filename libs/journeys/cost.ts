import type { temporal } from '@temporalio/proto';

/** What a workflow cost Temporal: events in its history, and actions as Temporal Cloud bills them. */
export interface JourneyCost {
  readonly events: number;
  readonly actions: number;
}

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const isAction: ((event: HistoryEvent) => boolean)[] = [
  (event) => event.workflowExecutionStartedEventAttributes != null,
  (event) => event.activityTaskStartedEventAttributes != null,
  (event) => event.timerStartedEventAttributes != null,
  (event) => event.workflowExecutionSignaledEventAttributes != null,
  (event) => event.workflowExecutionUpdateAcceptedEventAttributes != null,
  (event) => event.upsertWorkflowSearchAttributesEventAttributes != null,
];

/**
 * Counts the events and billed actions of one history. Local activities of one workflow task are one action together
 * (Temporal Cloud's documentation, "Actions").
 */
export function costOf(events: readonly HistoryEvent[]): JourneyCost {
  const plain = events.filter((event) => isAction.some((counts) => counts(event))).length;
  const tasksWithLocalActivities = new Set(
    events.flatMap(({ markerRecordedEventAttributes: marker }) =>
      marker?.markerName === 'core_local_activity' ? [String(marker.workflowTaskCompletedEventId)] : [],
    ),
  );
  return { events: events.length, actions: plain + tasksWithLocalActivities.size };
}
