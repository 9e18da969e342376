import fc from 'fast-check';
import { IANAZone } from 'luxon';
import type { ContactHours } from './contact-hours.js';
import type { ContactWindow } from '../../channels/contact-window.js';
import { judgeContact, type ContactFacts } from './contact-policy.js';

const minute = 60_000;
const quarter = 15 * minute;
const hour = 60 * minute;
const day = 86_400_000;
const from = Date.parse('2026-01-01T00:00:00Z');
const until = Date.parse('2028-01-01T00:00:00Z');
/** How far after a period its openings are searched. */
const lookAhead = 8 * day;
const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** Names of the IANA database that `Intl.supportedValuesOf` leaves out, because they are links or do not belong to a place. */
const otherNames = `
Africa/Asmara Africa/Timbuktu America/Argentina/Buenos_Aires America/Argentina/Catamarca America/Argentina/ComodRivadavia America/Argentina/Cordoba
America/Argentina/Jujuy America/Argentina/Mendoza America/Atikokan America/Atka America/Ensenada America/Fort_Wayne America/Indiana/Indianapolis
America/Kentucky/Louisville America/Knox_IN America/Montreal America/Nipigon America/Nuuk America/Pangnirtung America/Porto_Acre America/Rainy_River
America/Rosario America/Santa_Isabel America/Shiprock America/Thunder_Bay America/Virgin America/Yellowknife Antarctica/South_Pole Asia/Ashkhabad
Asia/Choibalsan Asia/Chongqing Asia/Chungking Asia/Dacca Asia/Harbin Asia/Ho_Chi_Minh Asia/Istanbul Asia/Kashgar Asia/Kathmandu Asia/Kolkata Asia/Macao
Asia/Tel_Aviv Asia/Thimbu Asia/Ujung_Pandang Asia/Ulan_Bator Asia/Yangon Atlantic/Faroe Atlantic/Jan_Mayen Australia/ACT Australia/Canberra
Australia/Currie Australia/LHI Australia/NSW Australia/North Australia/Queensland Australia/South Australia/Tasmania Australia/Victoria Australia/West
Australia/Yancowinna Brazil/Acre Brazil/DeNoronha Brazil/East Brazil/West CET CST6CDT Canada/Atlantic Canada/Central Canada/Eastern Canada/Mountain
Canada/Newfoundland Canada/Pacific Canada/Saskatchewan Canada/Yukon Chile/Continental Chile/EasterIsland Cuba EET EST EST5EDT Egypt Eire Etc/GMT
Etc/GMT+0 Etc/GMT+1 Etc/GMT+10 Etc/GMT+11 Etc/GMT+12 Etc/GMT+2 Etc/GMT+3 Etc/GMT+4 Etc/GMT+5 Etc/GMT+6 Etc/GMT+7 Etc/GMT+8 Etc/GMT+9 Etc/GMT-0
Etc/GMT-1 Etc/GMT-10 Etc/GMT-11 Etc/GMT-12 Etc/GMT-13 Etc/GMT-14 Etc/GMT-2 Etc/GMT-3 Etc/GMT-4 Etc/GMT-5 Etc/GMT-6 Etc/GMT-7 Etc/GMT-8 Etc/GMT-9
Etc/GMT0 Etc/Greenwich Etc/UCT Etc/UTC Etc/Universal Etc/Zulu Europe/Belfast Europe/Kyiv Europe/Nicosia Europe/Tiraspol Europe/Uzhgorod
Europe/Zaporozhye GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT
Mexico/BajaNorte Mexico/BajaSur Mexico/General NZ NZ-CHAT Navajo PRC PST8PDT Pacific/Chuuk Pacific/Johnston Pacific/Kanton Pacific/Pohnpei
Pacific/Samoa Pacific/Yap Poland Portugal ROC ROK Singapore Turkey UCT US/Alaska US/Aleutian US/Arizona US/Central US/East-Indiana US/Eastern US/Hawaii
US/Indiana-Starke US/Michigan US/Mountain US/Pacific US/Samoa UTC Universal W-SU WET Zulu`;
const links = new Set(otherNames.trim().split(/\s+/));
const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), ...links])].filter((zone) => IANAZone.isValidZone(zone));

interface Shown {
  readonly date: number;
  readonly minuteOfDay: number;
}

/** The wall-clock time of the zone, read as text: no arithmetic with offsets. */
class WallClock {
  private readonly format: Intl.DateTimeFormat;
  private readonly quarters = new Map<number, Shown>();
  constructor(timeZone: string) {
    const number = 'numeric';
    const shown = { year: number, month: number, day: number, hour: number, minute: number } as const;
    this.format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...shown });
  }
  /**
   * Each quarter of an hour is read once: no clock changes within one, which the test checks, and reading every minute would take most of
   * its time.
   */
  read(at: number): Shown {
    const begin = Math.floor(at / quarter) * quarter;
    const shown = this.quarters.get(begin) ?? this.readOff(begin);
    this.quarters.set(begin, shown);
    return { date: shown.date, minuteOfDay: shown.minuteOfDay + Math.floor((at - begin) / minute) };
  }
  private readOff(at: number): Shown {
    const [month = 0, dayOfMonth = 0, year = 0, hour = 0, minutes = 0] = (this.format.format(at).match(/\d+/g) ?? []).map(Number);
    return { date: Date.UTC(year, month - 1, dayOfMonth) / day, minuteOfDay: hour * 60 + minutes };
  }
  /** Local minus UTC, in minutes. */
  lead(at: number): number {
    const { date, minuteOfDay } = this.readOff(at);
    return date * 1440 + minuteOfDay - Math.floor(at / minute);
  }
}

/** A second implementation of the rule, minute by minute and as simple as possible. */
function isQuiet(shown: { readonly date: number; readonly minuteOfDay: number }, { rules, closed }: Rules): boolean {
  const weekdayOf = (date: number): number => new Date(date * day).getUTCDay() || 7;
  if (closed.has(shown.date)) return true;
  return rules.some((windows) => {
    const open = windows.some(({ days, from, to }) => {
      const minutesToday = shown.minuteOfDay;
      if (from < to) return days.includes(weekdayOf(shown.date)) && minutesToday >= from && minutesToday < to;
      const beganToday = days.includes(weekdayOf(shown.date)) && minutesToday >= from;
      const beganYesterday = days.includes(weekdayOf(shown.date - 1)) && minutesToday < to;
      return beganToday || beganYesterday;
    });
    return !open;
  });
}

interface Rules {
  readonly rules: readonly (readonly ContactWindow[])[];
  /** Local dates, counted from 1970. */
  readonly closed: ReadonlySet<number>;
}

/** Every instant within the two years at which the offset changes. No zone changes its clocks twice in a day. */
function clockChanges(clock: WallClock): number[] {
  const changes: number[] = [];
  let after = clock.lead(from);
  for (let at = from; at < until; at += day) {
    const before = after;
    after = clock.lead(at + day);
    if (after === before) continue;
    let [low, high] = [at / minute, (at + day) / minute];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (clock.lead(middle * minute) === before) low = middle;
      else high = middle;
    }
    changes.push(high * minute);
  }
  return changes;
}

const aWindow = fc
  .record({
    days: fc.oneof(fc.constant(everyDay), fc.constant([1, 2, 3, 4, 5]), fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 2 })),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 1, max: 1440 }),
  })
  .filter((window) => window.from !== window.to);
const someRules = fc.record({
  rules: fc.array(fc.array(aWindow, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
  /** Days relative to today's date, so that holidays fall on clock changes too. */
  closedNear: fc.uniqueArray(fc.integer({ min: -2, max: 3 }), { maxLength: 2 }),
});

function judge(hours: ContactHours, now: number): ReturnType<typeof judgeContact> {
  const facts: ContactFacts = {
    now,
    restrictions: [],
    sent: [],
    limits: { caps: [], gapMs: 0 },
    competing: [],
    givesWayUntil: now,
    hours,
    likelyHours: null,
    offer: null,
    windowEndsAt: Infinity,
  };
  return judgeContact(facts);
}

/**
 * Goes through the minutes of [start, end) backwards, so that the next open and the next quiet minute are known for each, and compares the
 * policy's answer with them. Minutes after `end` are searched one by one.
 * @returns how many minutes were checked
 */
function checkStretch(clock: WallClock, zone: string, rules: Rules, shown: ReadonlyMap<number, Shown>): number {
  const hours: ContactHours = [{ zone, rules: rules.rules, closed: rules.closed }];
  const minutes = [...shown.keys()].sort((a, b) => a - b);
  const start = minutes[0] ?? 0;
  const end = (minutes.at(-1) ?? 0) + minute;
  const quiet = minutes.map((at) => isQuiet(shown.get(at) ?? clock.read(at), rules));
  const behind = (wanted: boolean): number => {
    for (let at = end; at < end + lookAhead; at += minute) if (isQuiet(clock.read(at), rules) === wanted) return at;
    return Infinity;
  };
  const [nextOpen, nextQuiet] = [new Float64Array(minutes.length), new Float64Array(minutes.length)];
  let [open, close] = [NaN, NaN];
  for (let index = minutes.length - 1; index >= 0; index--) {
    const at = start + index * minute;
    if (quiet[index] === true) close = at;
    else open = at;
    [nextOpen[index], nextQuiet[index]] = [open, close];
  }
  // The policy is asked forwards in time.
  let wrong = 0;
  let [openBehind, quietBehind]: (number | undefined)[] = [];
  for (let index = 0; index < minutes.length; index++) {
    // Not always at a full minute.
    const exact = start + index * minute;
    const now = exact + ((index * 7_919) % 3) * 19_997;
    const verdict = judge(hours, now);
    if (quiet[index] !== true) {
      const closes = Number.isNaN(nextQuiet[index]) ? (quietBehind ??= behind(true)) : (nextQuiet[index] ?? NaN);
      // If no quiet hour comes within a week, the result is a week.
      if (verdict.kind !== 'send' || verdict.sendBefore !== (closes > end + 7 * day ? now + 7 * day : closes)) wrong++;
    } else {
      const opens = Number.isNaN(nextOpen[index]) ? (openBehind ??= behind(false)) : (nextOpen[index] ?? NaN);
      const far = verdict.kind === 'block' || (verdict.kind === 'defer' && verdict.until >= end + lookAhead);
      if (opens === Infinity ? !far : verdict.kind !== 'defer' || verdict.until !== opens) wrong++;
    }
    if (wrong > 0) throw new Error(`${zone} at ${new Date(now).toISOString()} ${JSON.stringify(rules.rules)}: ${JSON.stringify(verdict)}`);
  }
  return minutes.length;
}

describe('quiet hours in every zone', () => {
  it('never plan a message in a quiet window and never defer one longer than necessary', () => {
    const checked = { zones: 0, changes: 0, minutes: 0, holidays: 0, overnight: 0 };
    let stretch = 0;
    const rules = fc.sample(someRules, { seed: 20_261_122, numRuns: 4_000 });
    for (const zone of zones) {
      const clock = new WallClock(zone);
      const changes = clockChanges(clock);
      // A link has the clock of another zone, which is checked in more detail.
      const reach = links.has(zone) ? 6 * hour : 18 * hour;
      checked.zones++;
      checked.changes += changes.length;
      expect(changes.filter((at) => at % quarter !== 0)).toEqual([]);
      // A zone without clock changes is checked on one day, another zone around each change.
      for (const around of changes.length > 0 ? changes : [from + (checked.zones % 700) * day]) {
        const shown = new Map<number, Shown>();
        for (let at = around - reach; at < around + reach; at += minute) shown.set(at, clock.read(at));
        const { rules: windows, closedNear } = rules[stretch++ % rules.length] ?? { rules: [], closedNear: [] };
        const today = clock.read(around).date;
        const closed = new Set(closedNear.map((away) => today + away));
        checked.holidays += closed.size;
        checked.overnight += windows.flat().filter((window) => window.from > window.to).length;
        checked.minutes += checkStretch(clock, zone, { rules: windows, closed }, shown);
      }
    }
    expect(checked.zones).toBeGreaterThan(580);
    expect(checked.changes).toBeGreaterThan(700);
    expect(checked.minutes).toBeGreaterThan(1_000_000);
    expect(checked.holidays).toBeGreaterThan(500);
    expect(checked.overnight).toBeGreaterThan(500);
  }, 180_000);
});
