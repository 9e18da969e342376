import type { EntityManager } from '@mikro-orm/postgresql';
import type { Customer, CustomerStatus } from '../customers/customer.entity.js';
import { contractEventFor } from '../customers/contract-status.js';
import { lockLiving } from '../customers/living.js';
import { writePatch, type CustomerPatch } from '../customers/write-patch.js';
import { recordEvents } from '../customers/record-events.js';
import { endTimeToSend } from '../messaging/ledger/ledger.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import { didYouMean } from '../platform/nearest.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import { isColumn, type Field } from '../segments/fields.js';

/** The changes; a missing field does not change. */
export interface CustomerChanges extends CustomerPatch {
  readonly status?: CustomerStatus | undefined;
}

/**
 * Changes a customer by another system's request, in the transaction of `tx`. Goals and triggers that read changed fields are notified;
 * planned messages are planned again if the zone changed. The status changes by a contract event of now, which is the latest one about the
 * contract. `renewed` also cancels a notice. The same changes again change nothing.
 * @param declared the published fields
 * @throws Problem not-found; invalid for an attribute that is not as it is declared; conflict for a status that no event leads to
 */
export async function changeCustomer(
  tx: EntityManager,
  customerId: string,
  { status, ...patch }: CustomerChanges,
  declared: readonly Field[],
  now: Date,
): Promise<void> {
  await lockLiving(tx, customerId);
  const before = await tables<typeof Customer>(tx)
    .selectFrom('Customer')
    .selectAll()
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow();
  expectDeclared(patch.attributes ?? {}, before.attributes, declared);
  const changed = await writePatch(tx, before, patch, now);
  if (changed.has('timeZone')) await endTimeToSend(tx, customerId, now);
  if (status === undefined || (status === before.status && !endsNotice(status, before))) return;
  const event = { customerId, kind: contractEventFor(status), at: now, data: {}, source: 'api', sourceId: newId() };
  await recordEvents(tx, [event], now);
}

/** Whether the status cancels a notice: a customer who was renewed and gave notice later keeps the status renewed until its day. */
const endsNotice = (status: CustomerStatus, { churnedAt }: Pick<Customer, 'churnedAt'>): boolean =>
  status === 'renewed' && churnedAt !== null;

/** @throws Problem invalid, with each attribute that does not match its declaration */
function expectDeclared(
  given: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>>,
  declared: readonly Field[],
): void {
  const attributes = new Map(declared.filter(({ of, name }) => of === 'customer' && !isColumn(name)).map((field) => [field.name, field]));
  const places: ProblemPlace[] = Object.entries(given).flatMap(([name, value]) => {
    const what = value === null ? undefined : whyNot(name, value, attributes, known);
    return what === undefined ? [] : [{ where: `attributes.${name}`, what }];
  });
  if (places.length > 0)
    throw new Problem(
      'invalid',
      'The request is not valid',
      places,
      'Declare the attribute in attributes.yaml and publish it, or correct its name or value.',
    );
}

/** Why an attribute is not valid, as the end of a sentence. An undeclared attribute is stored unchanged, unless it looks like a mistake. */
function whyNot(
  name: string,
  value: unknown,
  attributes: ReadonlyMap<string, Field>,
  known: Readonly<Record<string, unknown>>,
): string | undefined {
  if (isColumn(name)) return 'is a field of every customer, and no attribute';
  const field = attributes.get(name);
  if (field === undefined) {
    const meant = Object.hasOwn(known, name) ? '' : didYouMean(name, attributes.keys());
    return meant === '' ? undefined : `is not declared${meant}`;
  }
  if (typeof value !== field.type) return `must be a ${field.type}`;
  if (field.values !== null && !field.values.includes(String(value))) return `must be one of ${field.values.join(', ')}`;
  return undefined;
}
