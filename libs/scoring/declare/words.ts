import type { ScoreName } from '../../scores/kinds/table.js';

/** What people call the columns that say what a score predicts, in the languages that files come in; the first that fits counts. */
const names: readonly (readonly [score: ScoreName, name: RegExp])[] = [
  [
    'bad_debt',
    /default(ed)?([^a-z]|$)|bad.?debt|delinquen|write.?off|charge.?off|unpaid|overdue|arrears|(zahlungs|forderungs).?ausfall|zahlt.?nicht|inkasso|mahnverfahren|impay|moros|insolven/i,
  ],
  ['crosssell', /cross.?sell|second.?product|additional.?product|zusatzprodukt|zweitprodukt|bought.?(another|also)/i],
  ['upsell', /up.?sell|upgrad|h(ö|oe)herer.?tarif|aufgestiegen|tarifaufstieg|took.?more/i],
  [
    'churn',
    /churn|left|attrit|exit|gek(ü|ue)ndigt|k(ü|ue)ndigung|abgewandert|abgang|verloren|cancel|closed|lost|baja|r[eé]sili|parti(e|s|es)?([^a-z]|$)|disdett|opgezegd|uppsagd|opsagt|rezygn/i,
  ],
];

/** Names that say the opposite of churn. */
const stayed =
  /retained|stayed|still.?(here|customer)|renewed|verl(ä|ae)ngert|geblieben|^(is.?)?(active|aktiv|actif)$|(active|aktiver).?(customer|kunde)/i;

/** Names that any data set gives to what it is about. */
const target = /^(target|label|outcome|class|response|y|result|ziel(variable|gr(ö|oe)(ß|ss)e)?|ergebnis|cible|objetivo)$/i;

/** What a column of amounts says of a whole lifetime. */
const lifetimeValue = /cl(t)?v([^a-z]|$)|ltv([^a-z]|$)|lifetime.?value|kundenwert|valeur.?vie/i;

/** Words within a column that say which of its words is churn. */
const churnedWord =
  /churn|left|attrit|exit|gek(ü|ue)ndigt|abgewandert|cancel|closed|lost|former|ehemalig|inactive|inaktiv|résili|parti|baja/i;

/** What a model should not learn from without a decision: special categories of GDPR article 9, and gender. */
const sensitive =
  /gender|^sex(e|o)?$|geschlecht|anrede|^(fe)?male$|religio|konfession|ethnic|ethnie|^race$|nationalit|disab|behinder|health|gesundheit|schwanger|orientation/i;

/** Codes that are written in digits and are no quantity. */
const code = /zip|plz|post(al)?.?(code|leitzahl)|area.?code|vorwahl|blz|code.?postal|c(ó|o)digo.?postal/i;

/** What a column's name says it is about. */
export type NamedAfter = { readonly score: ScoreName; readonly opposite: boolean } | 'target' | undefined;

/** What a yes-or-no column says by its name. */
export function namedAfter(column: string): NamedAfter {
  const found = names.find(([, name]) => name.test(column));
  if (found !== undefined) return { score: found[0], opposite: false };
  if (stayed.test(column)) return { score: 'churn', opposite: true };
  return target.test(column) ? 'target' : undefined;
}

/** Names that say an outcome even of a number: `churn_score`, and not `closed_tickets`. */
const outcomeOfNumber = /churn|attrit|abgewandert|gek(ü|ue)ndigt|default.?(prob|score|risk)/i;

/** Whether a column that is not the target is about it, by its name. */
export function isAbout(column: string, score: ScoreName, isNumber: boolean): boolean {
  const named = namedAfter(column);
  return named !== undefined && named !== 'target' && named.score === score && (!isNumber || outcomeOfNumber.test(column));
}

/** Whether a column's name says who churned. */
export const saysChurned = (column: string): boolean => {
  const named = namedAfter(column);
  return named !== undefined && named !== 'target' && named.score === 'churn' && !named.opposite;
};

export const saysLifetimeValue = (column: string): boolean => lifetimeValue.test(column);
export const saysChurnedWord = (word: string): boolean => churnedWord.test(word);
export const isSensitive = (column: string): boolean => sensitive.test(column);
export const isCode = (column: string): boolean => code.test(column);
