import Table from 'cli-table3';
import type { CrashResult } from './run.js';
import { boundaries, crashChannels } from './schedule.js';

/** Everything that makes the books not balance, as sentences; none if they do. */
export function errorsOf({ kills, books, unlisted, inFlight }: CrashResult): string[] {
  const most = mostLeft(kills);
  return [
    ...(books.lost.length > 0 ? [`${books.lost.length} messages are lost, such as ${String(books.lost[0])}`] : []),
    ...(books.doubled.length > 0 ? [`${books.doubled.length} messages are doubled, such as ${String(books.doubled[0])}`] : []),
    ...(most > inFlight ? [`One kill left ${most} messages unknown; ${inFlight} may be in flight`] : []),
    ...(unlisted.length > 0 ? [`${unlisted.length} unknown messages are not listed`] : []),
  ];
}

/** The line for programs. `unknown`: the most that one kill left; `reconciled`: of all that kills left, how many were settled since. */
export function lineOf(result: CrashResult): string {
  const { kills, messages, books, inFlight, reconciled } = result;
  const figures = {
    lost: books.lost.length,
    doubled: books.doubled.length,
    inFlight,
    unknown: mostLeft(kills),
    reconciled: reconciled.length,
  };
  return JSON.stringify({ kills: kills.length, messages, ...figures });
}

/** The kills by where they fell, and the books. */
export function tablesOf(result: CrashResult): string {
  const { kills, books, reconciled, messages, seconds } = result;
  const left = new Set(kills.flatMap((kill) => kill.left));
  return [
    killsTable(result),
    booksTable(result),
    `${kills.length} kills over ${messages} messages in ${seconds.toFixed(0)} s: ${books.lost.length} lost, ${books.doubled.length} doubled.`,
    `Kills left ${left.size} unknown, at most ${mostLeft(kills)} each: ${reconciled.length} were reconciled, ${left.size - reconciled.length} are listed for an operator.`,
    `Unknown messages were settled by: ${[...books.settledBy].map(([by, count]) => `${by} ${count}`).join(', ') || 'nobody'}; ${books.unknown.length} are unknown still.`,
  ].join('\n');
}

const plain = { head: [], border: [] };
const mostLeft = (kills: CrashResult['kills']): number => Math.max(0, ...kills.map(({ left }) => left.length));

function killsTable({ kills }: CrashResult): string {
  const table = new Table({ head: ['killed at', ...crashChannels, 'most left unknown'], style: plain });
  const row = (name: string, places: readonly string[]): void => {
    const own = kills.filter(({ at }) => places.includes(at));
    table.push([name, ...places.map((place) => kills.filter(({ at }) => at === place).length), mostLeft(own)]);
  };
  for (const boundary of boundaries)
    row(
      boundary,
      crashChannels.map((channel) => `${boundary} ${channel}`),
    );
  const random = kills.filter(({ at }) => at === 'random');
  table.push(['a random moment', { colSpan: crashChannels.length, content: random.length }, mostLeft(random)]);
  return table.toString();
}

function booksTable({ books }: CrashResult): string {
  const columns = ['planned', 'accepted', 'delivered', 'rejected', 'unknown', 'taken'] as const;
  const table = new Table({
    head: ['channel', ...columns.map((column) => (column === 'taken' ? 'taken by the provider' : column))],
    style: plain,
  });
  for (const [channel, row] of books.channels) table.push([channel, ...columns.map((column) => row[column])]);
  return table.toString();
}
