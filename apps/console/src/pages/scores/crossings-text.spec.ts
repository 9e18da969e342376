import { crossingsText } from './crossings-text.js';

const save = { key: 'save', title: 'Save', risesAbove: 0.5, rise: 12, fall: 1 };

it.each([
  [undefined, 'Counting who would cross a threshold.'],
  [{ customers: 0, looked: 0, campaigns: [save] }, 'Nobody has this score yet.'],
  [{ customers: 9, looked: 9, campaigns: [] }, 'No campaign starts with this score, so nobody crosses a threshold.'],
  [{ customers: 900, looked: 900, campaigns: [save] }, 'For “Save” 12 customers would rise above 0.50 and 1 customer fall below it.'],
  [
    { customers: 10_000, looked: 5_000, campaigns: [save] },
    'For “Save” about 24 customers would rise above 0.50 and about 2 customers fall below it. Estimated from 5,000 customers.',
  ],
])('says who crosses (%#)', (crossings, text) => {
  expect(crossingsText(crossings)).toBe(text);
});
