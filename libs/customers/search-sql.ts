/*
 * How customers are found by what somebody wrote: the expressions that are indexed, and the conditions over them.
 */

/** SQL of the words of a name: what is indexed. What PostgreSQL would take for the name of a file or a host is two words. */
export const nameWords = (name: string): string =>
  `to_tsvector('simple'::regconfig, translate(coalesce(${name}, ''), './@_:-+', '       '))`;

/** SQL over an alias of customer: their number begins with the parameter, in any case. Not `like`, which no prepared plan has an index for. */
export const numberBegins = (customer: string, number: string): string =>
  `(lower(${customer}.external_id) ~>=~ lower(${number}) and lower(${customer}.external_id) ~<~ (lower(${number}) || chr(1114111)))`;

/** SQL over an alias of customer: each of the words begins a word of their name. */
export const nameBegins = (customer: string, words: string): string =>
  `(${nameWords(`${customer}.name`)} @@ to_tsquery('simple', ${words}))`;
