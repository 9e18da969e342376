import { readPolicyTables } from './policy-tables.js';
import { nextOpening, nextQuiet } from './contact-hours.js';
import { contactHoursOf, type Whereabouts } from './quiet-hours.js';

const tables = readPolicyTables(['email', 'sms']);
const allDay = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }];
const byLawAlone = { ...tables, companyHours: { ...tables.companyHours, sms: allDay } };
const nowhere: Whereabouts = { timeZone: null, country: null, subdivision: null };

/** When the law allows a text on a day, as UTC hours. */
function lawfulHours(whereabouts: Partial<Whereabouts>, day: string): string {
  const hours = contactHoursOf({ ...nowhere, ...whereabouts }, 'sms', byLawAlone);
  if (hours === null) return 'unknown';
  const opens = nextOpening(hours, Date.parse(day));
  const closes = opens === null ? null : nextQuiet(hours, opens);
  const text = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString().slice(5, 16));
  return `${text(opens)}..${text(closes)}`;
}

describe('quiet hours', () => {
  it('follow the state if it is known', () => {
    const at = { country: 'US' };
    // Monday 1 June 2026, Pacific daylight time is UTC-7, Eastern UTC-4, Central UTC-5.
    expect(lawfulHours({ ...at, timeZone: 'America/Los_Angeles', subdivision: 'CA' }, '2026-06-01T08:00Z')).toBe(
      '06-01T15:00..06-02T04:00',
    );
    expect(lawfulHours({ ...at, timeZone: 'America/Los_Angeles', subdivision: 'WA' }, '2026-06-01T08:00Z')).toBe(
      '06-01T15:00..06-02T03:00',
    );
    expect(lawfulHours({ ...at, timeZone: 'America/New_York', subdivision: 'NY' }, '2026-06-01T05:00Z')).toBe('06-01T12:00..06-02T01:00');
    expect(lawfulHours({ ...at, timeZone: 'America/New_York', subdivision: 'FL' }, '2026-06-01T05:00Z')).toBe('06-01T12:00..06-02T00:00');
    expect(lawfulHours({ ...at, timeZone: 'America/New_York', subdivision: 'CT' }, '2026-06-01T05:00Z')).toBe('06-01T13:00..06-02T00:00');
    expect(lawfulHours({ ...at, timeZone: 'America/Chicago', subdivision: 'TX' }, '2026-06-01T06:00Z')).toBe('06-01T14:00..06-02T02:00');
    expect(lawfulHours({ ...at, timeZone: 'America/Chicago', subdivision: 'TX' }, '2026-06-07T06:00Z')).toBe('06-07T17:00..06-08T02:00');
  });

  it('are the strictest of the states in the zone', () => {
    expect(lawfulHours({ timeZone: 'US/Eastern' }, '2026-06-01T05:00Z')).toBe('06-01T13:00..06-01T22:00');
    expect(lawfulHours({ timeZone: 'America/Chicago' }, '2026-06-07T06:00Z')).toBe('06-08T14:00..06-09T01:00');
    expect(lawfulHours({ timeZone: 'America/Los_Angeles' }, '2026-06-01T08:00Z')).toBe('06-01T15:00..06-02T03:00');
  });

  it('of Rhode Island exclude Sundays, and workdays that are holidays', () => {
    const at = { country: 'US', timeZone: 'America/New_York', subdivision: 'RI' };
    // Saturday 6 June 2026, then Sunday. The 10th of August is Victory Day.
    expect(lawfulHours(at, '2026-06-06T05:00Z')).toBe('06-06T14:00..06-06T21:00');
    expect(lawfulHours(at, '2026-06-07T05:00Z')).toBe('06-08T13:00..06-08T22:00');
    expect(lawfulHours(at, '2026-08-10T05:00Z')).toBe('08-11T13:00..08-11T22:00');
  });

  it('of Colombia apply to e-mail as well', () => {
    const hours = contactHoursOf({ ...nowhere, country: 'CO' }, 'email', tables) ?? [];
    // Bogotá is five hours behind. Saturday afternoon, Sunday, and Monday 8 June, a holiday, are quiet.
    expect(nextQuiet(hours, Date.parse('2026-06-06T15:00Z'))).toBe(Date.parse('2026-06-06T20:00Z'));
    expect(nextOpening(hours, Date.parse('2026-06-06T20:00Z'))).toBe(Date.parse('2026-06-09T14:00Z'));
  });

  it('do not apply to other countries or channels', () => {
    expect(lawfulHours({ timeZone: 'Europe/Berlin', country: 'US' }, '2026-06-01T05:00Z')).toBe('06-01T05:00..never');
    const email = contactHoursOf({ ...nowhere, timeZone: 'America/New_York' }, 'email', tables);
    expect(email).toEqual([{ zone: 'America/New_York', rules: [tables.companyHours.email] }]);
  });

  it('without a zone are the common hours of all zones of the country', () => {
    // From Hawaii's 8:00 (18:00 UTC) to Rhode Island's 18:00 (22:00 UTC).
    expect(lawfulHours({ country: 'US' }, '2026-06-02T05:00Z')).toBe('06-02T18:00..06-02T22:00');
    expect(lawfulHours({ country: 'US', timeZone: 'Mars/Olympus' }, '2026-06-02T05:00Z')).toBe('06-02T18:00..06-02T22:00');
  });

  it.each(['UTC', 'Etc/UTC', 'Etc/GMT-5', 'EST', 'EST5EDT', 'BST', 'CET', 'GMT', 'SystemV/EST5', '+02:00'])(
    'are not bypassed by %s, which is in no country',
    (timeZone) => {
      expect(lawfulHours({ country: 'US', timeZone }, '2026-06-02T05:00Z')).toBe(lawfulHours({ country: 'US' }, '2026-06-02T05:00Z'));
      expect(lawfulHours({ timeZone }, '2026-06-02T05:00Z')).toBe('unknown');
    },
  );

  it('Kiribati and the Marquesas: a day and half an hour apart, each has its own nine o’clock, and a whole country its common hours', () => {
    const opens = (whereabouts: Partial<Whereabouts>): string => {
      const found = contactHoursOf({ ...nowhere, ...whereabouts }, 'email', tables);
      const at = found === null ? null : nextOpening(found, Date.parse('2026-06-01T08:30:00Z'));
      const until = found === null || at === null ? null : nextQuiet(found, at);
      return [at, until].map((each) => (each === null ? 'never' : new Date(each).toISOString().slice(0, 16))).join('..');
    };
    expect(opens({ timeZone: 'Pacific/Kiritimati' })).toBe('2026-06-01T19:00..2026-06-02T06:00');
    expect(opens({ timeZone: 'Pacific/Marquesas' })).toBe('2026-06-01T18:30..2026-06-02T05:30');
    // From nine o'clock in Tarawa (UTC+12) to eight in the evening on Kiritimati (UTC+14).
    expect(opens({ country: 'KI' })).toBe('2026-06-01T21:00..2026-06-02T06:00');
    // From nine o'clock on Tahiti (UTC-10) to eight in the evening on the Gambiers (UTC-9).
    expect(opens({ country: 'PF' })).toBe('2026-06-01T19:00..2026-06-02T05:00');
  });

  it('respect the public holidays that a law names, of its own region', () => {
    // 14 July is a holiday only in France; the first Monday of June only in Alabama, whose law counts for its whole zone.
    expect(lawfulHours({ timeZone: 'Europe/Paris' }, '2026-07-14T05:00Z')).toBe('07-15T06:00..07-15T18:00');
    expect(lawfulHours({ timeZone: 'Europe/Brussels' }, '2026-07-14T05:00Z')).toBe('07-14T05:00..never');
    expect(lawfulHours({ timeZone: 'America/Chicago' }, '2026-06-01T05:00Z')).toBe('06-02T14:00..06-03T01:00');
    expect(lawfulHours({ timeZone: 'America/Chicago', country: 'US', subdivision: 'TX' }, '2026-06-01T05:00Z')).toBe(
      '06-01T14:00..06-02T02:00',
    );
  });

  it('respect the holidays of the customer’s country if the company wants it, and of every country of the zone if none is known', () => {
    const closed = { ...byLawAlone, companyHolidays: 'closed' as const };
    const opens = (whereabouts: Partial<Whereabouts>): number | null =>
      nextOpening(contactHoursOf({ ...nowhere, ...whereabouts }, 'sms', closed) ?? [], Date.parse('2026-10-26T12:00:00Z'));
    // The 26th of October is Austria's, the 31st a holiday in some of Germany's states.
    expect(opens({ timeZone: 'Europe/Vienna', country: 'AT' })).toBe(Date.parse('2026-10-26T23:00:00Z'));
    expect(opens({ timeZone: 'Europe/Vienna', country: 'DE' })).toBe(Date.parse('2026-10-26T12:00:00Z'));
    expect(opens({ timeZone: 'Europe/Vienna' })).toBe(Date.parse('2026-10-26T23:00:00Z'));
  });

  it('are within the hours that the customer requested', () => {
    const evenings = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 18 * 60, to: 22 * 60 }];
    const found = contactHoursOf({ ...nowhere, timeZone: 'Europe/Berlin' }, 'email', tables, evenings) ?? [];
    const at = nextOpening(found, Date.parse('2026-06-01T08:00:00Z'));
    expect(at).toBe(Date.parse('2026-06-01T16:00:00Z'));
    expect(nextQuiet(found, at ?? 0)).toBe(Date.parse('2026-06-01T18:00:00Z'));
  });

  it('allow nothing if no zone is known', () => {
    expect(lawfulHours({}, '2026-06-01T05:00Z')).toBe('unknown');
    expect(lawfulHours({ country: '??' }, '2026-06-01T05:00Z')).toBe('unknown');
  });
});
