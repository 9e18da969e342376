/** What a customer's row says of them, over alias c (customer). */
export const customerColumns = `c.id, c.external_id as "externalId", c.name, c.locale, c.time_zone as "timeZone", c.status, c.plan,
  c.monthly_charge as "monthlyCharge", c.currency, c.tenure, c.preferred_channel as "preferredChannel", c.attributes, c.made,
  c.objected_at as "objectedAt", c.churned_at as "churnedAt", c.created_at as "createdAt", c.updated_at as "updatedAt"`;
