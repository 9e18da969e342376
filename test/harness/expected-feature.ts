import type { FeatureDeclaration } from '../../libs/scoring/features/feature.js';

/** All that is stored of a customer and that features look at. */
export interface History {
  readonly plan: string | null;
  readonly tenure: number | null;
  /** Cents. */
  readonly monthlyCharge: number | null;
  readonly attributes: Record<string, string | number | boolean | null>;
  readonly events: readonly {
    readonly kind: string;
    readonly at: Date;
    readonly receivedAt: Date;
    readonly data: Record<string, unknown>;
  }[];
  readonly tasks: readonly { readonly kind: string; readonly createdAt: Date; readonly closedAt: Date | null }[];
  readonly messages: readonly { readonly state: string; readonly submittedAt: Date | null }[];
  readonly answers: readonly { readonly answer: string; readonly receivedAt: Date }[];
}

type Value = string | number | null;

/** What any declaration of a feature may hold. */
interface Written {
  readonly type: FeatureDeclaration['type'];
  readonly same?: Readonly<Record<string, string>>;
  readonly events?: string;
  readonly where?: Readonly<Record<string, unknown>>;
  readonly count?: number;
  readonly sum?: string;
  readonly mean?: string;
  readonly trend?: true | string;
  readonly within?: number;
  readonly of?: number;
  readonly since_last?: true;
  readonly since_first?: true;
  readonly days_until?: string;
  readonly contract?: string;
  readonly tasks?: string;
  readonly open?: true;
  readonly messages?: string;
}

const dayMs = 86_400_000;
const steps = [
  ...Array.from({ length: 14 }, (_, day) => day),
  ...Array.from({ length: 11 }, (_, week) => 14 + 7 * week),
  ...Array.from({ length: 22 }, (_, month) => 90 + 30 * month),
];
const since = (ms: number): number => Math.max(...steps.filter((days) => days * dayMs <= ms));
const until = (ms: number): number => (ms > 0 ? (steps.find((days) => days * dayMs >= ms) ?? 720) : 0 - since(-ms));

/** A feature computed from a history in the plainest way, to hold what is read from PostgreSQL against. Flags are 1 and 0. */
export function expectedFeature(declared: FeatureDeclaration, name: string, history: History, now: number): Value {
  const written: Written = declared;
  const inLast = (ms: number) => (at: Date | null) => at !== null && at.getTime() > now - ms && at.getTime() <= now;
  const { within = Infinity } = written;

  if (written.contract !== undefined) return daysToEnd(history, now);
  if (written.days_until !== undefined) return daysUntil(history.attributes[written.days_until], now);
  if (written.tasks !== undefined) {
    const ofKind = history.tasks.filter(
      ({ kind, createdAt }) => (written.tasks === 'any' || kind === written.tasks) && inLast(within)(createdAt),
    );
    return ofKind.filter(({ closedAt }) => written.open !== true || closedAt === null || closedAt.getTime() > now).length;
  }
  if (written.messages === 'sent')
    return history.messages.filter(({ state, submittedAt }) => state !== 'rejected' && inLast(within)(submittedAt)).length;
  if (written.messages === 'answered')
    return history.answers.filter(({ answer, receivedAt }) => ['accepted', 'question'].includes(answer) && inLast(within)(receivedAt))
      .length;
  if (written.messages === 'clicked') return history.events.filter(({ kind, at }) => kind === 'click' && inLast(within)(at)).length;
  if (written.events !== undefined) return ofEvents(written, history, now);
  return ofCustomer(written, name, history);
}

function ofCustomer({ type, same = {} }: Written, name: string, { attributes, plan, tenure, monthlyCharge }: History): Value {
  const columns = { plan, tenure, monthly_charge: monthlyCharge === null ? null : monthlyCharge / 100 };
  const value = name in columns ? columns[name as keyof typeof columns] : (attributes[name] ?? null);
  if (type === 'flag') return typeof value === 'boolean' ? Number(value) : null;
  if (type === 'number') return typeof value === 'number' ? value : null;
  return typeof value === 'string' ? (same[value] ?? value) : null;
}

function ofEvents(written: Written, history: History, now: number): Value {
  const { where = {}, within = 0, of = 0 } = written;
  const events = history.events.filter(
    ({ kind, at, data }) =>
      kind === written.events && at.getTime() <= now && Object.entries(where).every(([key, value]) => data[key] === value),
  );
  const inLast = (ms: number) => events.filter(({ at }) => at.getTime() > now - ms);
  const numbers = (ms: number, property: string): number[] =>
    inLast(ms)
      .map(({ data }) => data[property])
      .filter((value) => typeof value === 'number');
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const times = events.map(({ at }) => at.getTime());

  if (written.count !== undefined) return inLast(written.count).length;
  if (written.sum !== undefined) return sum(numbers(within, written.sum));
  if (written.mean !== undefined) {
    const values = numbers(within, written.mean);
    return values.length === 0 ? null : sum(values) / values.length;
  }
  if (written.trend !== undefined) {
    const { trend } = written;
    const total = (ms: number): number => (trend === true ? inLast(ms).length : Math.round(sum(numbers(ms, trend)) * 1e6) / 1e6);
    return total(of) === 0 ? null : ((total(within) / total(of)) * of) / within;
  }
  if (written.since_first === true) return times.length === 0 ? null : since(now - Math.min(...times));
  const recent = times.filter((at) => at > now - 720 * dayMs);
  return recent.length === 0 ? null : since(now - Math.max(...recent));
}

function daysUntil(date: unknown, now: number): Value {
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(date)) return null;
  const at = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  const exists = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date.slice(0, 10));
  return exists ? until(at.getTime() - now) : null;
}

/** The last word about the contract that was known counts. */
function daysToEnd({ events }: History, now: number): Value {
  const counted = ({ at, receivedAt }: History['events'][number]): number => Math.min(at.getTime(), receivedAt.getTime());
  const known = events.filter((event) => event.kind.startsWith('contract.') && counted(event) <= now);
  // Of two that count from the same instant, the one that was stored later.
  const last = known.reduce<History['events'][number] | undefined>(
    (latest, event) => (latest === undefined || counted(event) >= counted(latest) ? event : latest),
    undefined,
  );
  return last?.kind === 'contract.ended' && last.at.getTime() > now ? until(last.at.getTime() - now) : null;
}
