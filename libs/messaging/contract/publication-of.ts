/**
 * SQL over aliases m (message) and v (its campaign's version, or nothing): the publication whose texts a message is written from; null
 * for the latest. Outside of a campaign it is that of the request.
 */
export const publicationOf = `coalesce(v.publication,
  (select pinned.publication from message_request pinned where pinned.customer_id = m.customer_id and pinned.reference = m.reference))`;
