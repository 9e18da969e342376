import { readPolicyTables } from './policy-tables.js';
import { nextOpening, nextQuiet } from './contact-hours.js';
import { contactHoursOf, type Whereabouts } from './quiet-hours.js';

const { laws, companyHours } = readPolicyTables();
const allDay = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }];
const nowhere: Whereabouts = { timeZone: null, country: null, subdivision: null };

/** When a text may be sent on a day, by law alone, as UTC hours. */
function lawfulHours(whereabouts: Partial<Whereabouts>, day: string): string {
  const hours = contactHoursOf({ ...nowhere, ...whereabouts }, 'sms', allDay, laws);
  if (hours === null) return 'unknown';
  const opens = nextOpening(hours, Date.parse(day));
  const closes = opens === null ? null : nextQuiet(hours, opens);
  const text = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString().slice(5, 16));
  return `${text(opens)}..${text(closes)}`;
}

describe('quiet hours', () => {
  it('follow the state where it is known', () => {
    const at = { country: 'US' };
    // Monday 1 June 2026, Pacific daylight time is UTC-7, Eastern UTC-4, Central UTC-5.
    expect(lawfulHours({ ...at, timeZone: 'America/Los_Angeles' }, '2026-06-01T08:00Z')).toBe('06-01T15:00..06-02T04:00');
    expect(lawfulHours({ ...at, timeZone: 'America/New_York', subdivision: 'NY' }, '2026-06-01T05:00Z')).toBe('06-01T12:00..06-02T01:00');
    expect(lawfulHours({ ...at, timeZone: 'America/New_York', subdivision: 'FL' }, '2026-06-01T05:00Z')).toBe('06-01T12:00..06-02T00:00');
    expect(lawfulHours({ ...at, timeZone: 'America/New_York', subdivision: 'CT' }, '2026-06-01T05:00Z')).toBe('06-01T13:00..06-02T00:00');
    expect(lawfulHours({ ...at, timeZone: 'America/Chicago', subdivision: 'TX' }, '2026-06-01T06:00Z')).toBe('06-01T14:00..06-02T02:00');
    expect(lawfulHours({ ...at, timeZone: 'America/Chicago', subdivision: 'TX' }, '2026-06-07T06:00Z')).toBe('06-07T17:00..06-08T02:00');
  });

  it('are the strictest of the states that the zone leaves open', () => {
    expect(lawfulHours({ timeZone: 'US/Eastern' }, '2026-06-01T05:00Z')).toBe('06-01T13:00..06-01T22:00');
    expect(lawfulHours({ timeZone: 'America/Chicago' }, '2026-06-07T06:00Z')).toBe('06-08T14:00..06-09T01:00');
  });

  it('do not reach into other countries or channels', () => {
    expect(lawfulHours({ timeZone: 'Europe/Berlin', country: 'US' }, '2026-06-01T05:00Z')).toBe('06-01T05:00..never');
    const email = contactHoursOf({ ...nowhere, timeZone: 'America/New_York' }, 'email', companyHours.email, laws);
    expect(email).toEqual([{ zone: 'America/New_York', rules: [companyHours.email] }]);
  });

  it('without a zone are what all zones of the country have in common', () => {
    // From Hawaii's 8:00 (18:00 UTC) to Rhode Island's 18:00 (22:00 UTC).
    expect(lawfulHours({ country: 'US' }, '2026-06-01T05:00Z')).toBe('06-01T18:00..06-01T22:00');
    expect(lawfulHours({ country: 'US', timeZone: 'Mars/Olympus' }, '2026-06-01T05:00Z')).toBe('06-01T18:00..06-01T22:00');
  });

  it('hold everything where nothing tells a zone', () => {
    expect(lawfulHours({}, '2026-06-01T05:00Z')).toBe('unknown');
    expect(lawfulHours({ country: '??' }, '2026-06-01T05:00Z')).toBe('unknown');
  });
});
