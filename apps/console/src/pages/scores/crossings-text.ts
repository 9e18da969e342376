import type { ScoreCrossings } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { listed, plural } from '../../format/words.js';

/** Who would cross a threshold, in sentences. @param crossings undefined while it is being counted */
export function crossingsText(crossings: ScoreCrossings | undefined): string {
  if (crossings === undefined) return 'Counting who would cross a threshold.';
  const { customers, looked, campaigns } = crossings;
  if (customers === 0) return 'Nobody has this score yet.';
  if (campaigns.length === 0) return 'No campaign starts with this score, so nobody crosses a threshold.';
  const scale = looked === 0 ? 0 : customers / looked;
  const about = looked < customers ? 'about ' : '';
  const each = campaigns.map(({ title, risesAbove, rise, fall }) => {
    const up = plural(Math.round(rise * scale), 'customer');
    const down = plural(Math.round(fall * scale), 'customer');
    return `for “${title}” ${about}${up} would rise above ${scoreText(risesAbove)} and ${about}${down} fall below it`;
  });
  const by = looked < customers ? ` Estimated from ${plural(looked, 'customer')}.` : '';
  const text = listed(each);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${by}`;
}
