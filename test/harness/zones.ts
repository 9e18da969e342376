/** Places where the clocks never change and no law of config/quiet-hours.yaml applies, by their hours ahead of UTC. */
const places: Readonly<Record<string, string>> = {
  '-11': 'Pacific/Niue',
  '-10': 'Pacific/Rarotonga',
  '-9': 'Pacific/Gambier',
  '-8': 'Pacific/Pitcairn',
  '-7': 'America/Hermosillo',
  '-6': 'America/Costa_Rica',
  '-5': 'America/Lima',
  '-4': 'America/La_Paz',
  '-3': 'America/Montevideo',
  '-2': 'America/Noronha',
  '-1': 'Atlantic/Cape_Verde',
  '0': 'Africa/Abidjan',
  '1': 'Africa/Lagos',
  '2': 'Africa/Maputo',
  '3': 'Africa/Nairobi',
  '4': 'Asia/Dubai',
  '5': 'Asia/Karachi',
  '6': 'Asia/Thimphu',
  '7': 'Asia/Bangkok',
  '8': 'Asia/Singapore',
  '9': 'Asia/Tokyo',
  '10': 'Pacific/Port_Moresby',
  '11': 'Pacific/Guadalcanal',
  '12': 'Pacific/Tarawa',
};

/** A zone in which it is this hour of the day. */
export function zoneWhereItIs(hour: number, now: Date): string {
  const ahead = ((hour - now.getUTCHours() + 11 + 48) % 24) - 11;
  const zone = places[String(ahead)];
  if (zone === undefined) throw new RangeError(`no zone is ${String(ahead)} hours ahead`);
  return zone;
}
