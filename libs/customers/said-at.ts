/**
 * The instant at which a consent event counts, as SQL: when it was said, and never later than now. Should the books hold a
 * word for the same address, channel and purpose that is dated ahead, what is said now counts as later than that: the
 * latest instant decides, then what was recorded last.
 * @param at when it was said; now where it is null
 */
export function saidAt(
  at: string,
  now: string,
  of: { readonly customer: string; readonly channel: string; readonly purpose: string; readonly hash: string },
): string {
  return `greatest(least(${at}::timestamptz, ${now}::timestamptz), (
    select max(ahead.at) from consent_event ahead
    where ahead.customer_id = ${of.customer} and ahead.channel = ${of.channel} and ahead.purpose = ${of.purpose}
      and ahead.address_hash = ${of.hash} and ahead.at > ${now}::timestamptz))`;
}
