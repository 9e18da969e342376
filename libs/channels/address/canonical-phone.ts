/** Numbers of a country that can be written in two ways and reach the same telephone. */
interface LineRule {
  /** The pattern of such a number, with its country code first. */
  readonly written: RegExp;
  /** The canonical form of the line. */
  readonly line: string;
  readonly source: string;
}

/**
 * Countries in which one line has two numbers. A rule is here only if the two numbers never belong to two people. In some of these
 * countries WhatsApp still uses the older number, and texts the newer one.
 */
export const lineRules: readonly LineRule[] = [
  {
    written: /^521(\d{10})$/,
    line: '52$1',
    source: 'Mexico: the 1 before mobile numbers ended on 3 August 2019 (IFT, Plan Tecnico Fundamental de Numeracion)',
  },
  {
    written: /^549(\d{10})$/,
    line: '54$1',
    source: 'Argentina: the 9 only marks a mobile line in a call from abroad (ITU-T E.164 national numbering plan, Argentina)',
  },
  ...[/^549?(11)15(\d{8})$/, /^549?([23]\d\d)15(\d{7})$/, /^549?([23]\d{3})15(\d{6})$/].map((written) => ({
    written,
    line: '54$1$2',
    source: 'Argentina: at home a 15 behind the area code marks a mobile line (ITU-T E.164 national numbering plan, Argentina)',
  })),
  {
    written: /^55([1-9]\d)([6-9]\d{7})$/,
    line: '55$19$2',
    source: 'Brazil: a 9 was put before all mobile numbers from 2012 to 2016 (Anatel, resolution 553/2010)',
  },
  {
    written: /^229(\d{8})$/,
    line: '22901$1',
    source: 'Benin: 01 was put before all numbers on 30 November 2024 (ARCEP Benin)',
  },
  {
    written: /^237([5-9]\d{7})$/,
    line: '2376$1',
    source: 'Cameroon: a 6 was put before all mobile numbers on 21 November 2014 (ART, numbering plan)',
  },
  {
    written: /^593([89]\d{7})$/,
    line: '5939$1',
    source: 'Ecuador: a 9 was put before all mobile numbers on 30 September 2012 (Conatel)',
  },
  ...vietnam({ 120: 70, 121: 79, 122: 77, 126: 76, 128: 78 }),
  ...vietnam({ 123: 83, 124: 84, 125: 85, 127: 81, 129: 82 }),
  ...vietnam({ 162: 32, 163: 33, 164: 34, 165: 35, 166: 36, 167: 37, 168: 38, 169: 39 }),
  ...vietnam({ 186: 56, 188: 58, 199: 59 }),
];

function vietnam(prefixes: Readonly<Record<number, number>>): LineRule[] {
  return Object.entries(prefixes).map(([before, since]) => ({
    written: new RegExp(`^84${before}(\\d{7})$`),
    line: `84${since}$1`,
    source: 'Vietnam: mobile numbers of eleven digits got ten from 15 September 2018 (Ministry of Information and Communications)',
  }));
}

/**
 * The canonical form of a line, for comparisons; messages are sent to the form in which the number was written.
 * @param number in E.164 form, or a short code, which is not changed
 */
export function canonicalPhone(number: string): string {
  const digits = number.replace(/\D/g, '');
  if (!number.startsWith('+')) return digits;
  const rule = lineRules.find(({ written }) => written.test(digits));
  return `+${rule === undefined ? digits : digits.replace(rule.written, rule.line)}`;
}
