/**
 * What a customer brings in a month against what they paid when they entered: so a dearer contract in one of the arms is no
 * revenue kept, and on the first day nothing is. A twelfth of what their accepted offers cost comes off, of those who left too.
 * Null where the charge was or is not known, or is in another currency than the campaign's: nothing is added up across currencies.
 * An SQL expression in minor units; aliases: e enrolment, c customer, k campaign.
 * @param retained an SQL condition: still a customer
 * @param cost an SQL expression: what the accepted offers cost, in minor units
 */
export const keptRevenue = (retained: string, cost: string): string =>
  `case when c.currency = k.currency then case when ${retained} then c.monthly_charge else 0 end - e.entry_charge - round(${cost} / 12.0) end`;
