import { Context, heartbeat } from '@temporalio/activity';

/** Real milliseconds that an activity works at most before it hands back to its workflow: far below its time-out. */
const sliceMs = 45_000;
/** Real milliseconds between two signs of life while a page takes its time: far below the heartbeat's time-out. */
const beatMs = 5_000;

/**
 * Works page by page for a while. Where an attempt ends in the middle, the next goes on after the last page that was done.
 * @param from where the first page begins
 * @param page does one page, whole or not at all, and says where the next begins; null if none is left
 * @returns where the next slice goes on; null if all is done
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
