import { Context, heartbeat } from '@temporalio/activity';

/** The most real milliseconds that an activity works before it returns to its workflow: far below its time-out. */
const sliceMs = 45_000;
/** Real milliseconds between two heartbeats during a page: far below the heartbeat's time-out. */
const beatMs = 5_000;

/**
 * Works page by page for a limited time. If an attempt ends in the middle, the next one continues after the last finished page.
 * @param from where the first page begins
 * @param page handles one page, completely or not at all, and returns where the next begins; null if none is left
 * @returns where the next slice continues; null if everything is done
 */
export async function workInSlices<Place>(from: Place, page: (place: Place) => Promise<Place | null>): Promise<Place | null> {
  const { info, cancellationSignal } = Context.current();
  const began = performance.now();
  let place = (info.heartbeatDetails as Place | undefined) ?? from;
  const beat = setInterval(() => heartbeat(place), beatMs);
  try {
    for (;;) {
      const next = await page(place);
      if (next === null) return null;
      place = next;
      heartbeat(place);
      if (performance.now() - began > sliceMs || cancellationSignal.aborted) return place;
    }
  } finally {
    clearInterval(beat);
  }
}
