import { readZone, regionZone, regionZones } from './time-zones.js';

describe('a time zone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/BERLIN', 'Europe/Berlin'],
    [' Europe/Berlin ', 'Europe/Berlin'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['US/Eastern', 'America/New_York'],
    ['Europe/Belfast', 'Europe/London'],
    ['Asia/Chongqing', 'Asia/Shanghai'],
  ])('%s is %s', (text, zone) => {
    expect(readZone(text)).toEqual({ zone });
  });

  it.each([
    ['BST', 'Europe/London'],
    ['EST', 'America/New_York'],
    ['EST5EDT', 'America/New_York'],
    ['CET', 'Europe/Berlin'],
    ['GMT', 'Europe/London'],
    ['IST', 'Asia/Kolkata'],
    ['GB', 'Europe/London'],
    ['Berlin', 'Europe/Berlin'],
    ['New York', 'America/New_York'],
    ['America/New York', 'America/New_York'],
    ['Europe/Tokyo', 'Asia/Tokyo'],
  ])('is not %s, and %s is suggested', (text, meant) => {
    expect(readZone(text)).toEqual({ whyNot: expect.stringContaining(`write ${meant}`) as string });
  });

  it.each([
    ...['UTC', 'Etc/UTC', 'Zulu', 'Etc/GMT-3', 'Etc/GMT+2', 'GMT+2', 'GMT0', 'UTC+02:00', '+02:00', '-05:00', 'SystemV/EST5', 'Factory'],
    ...['Mars/Olympus', 'Etc/Unknown', 'localtime', '', 'Europe/', '../Europe/Berlin', 'Europe/Berlin\n', 'constructor', 'ROK'],
  ])('is not %j', (text) => {
    expect([regionZone(text), Object.keys(readZone(text.replace('\n', '!')))]).toEqual([undefined, ['whyNot']]);
  });

  it('is any zone of the database, under its own name', () => {
    expect(regionZones.length).toBeGreaterThan(400);
    for (const zone of regionZones) expect(readZone(zone)).toEqual({ zone });
  });

  it('is recognised without a new formatter: 300,000 rows need no extra memory', () => {
    const names = [...regionZones, 'Asia/Calcutta', 'US/Eastern', 'BST'];
    for (const name of names) regionZone(name);
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 300_000; n += 1) regionZone(names[n % names.length] ?? '');
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });
});
