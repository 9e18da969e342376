import { stringify } from 'yaml';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { Draft } from './declare-score.js';
import type { Target } from './find-target.js';
import type { FeatureLine } from './look-at-feature.js';

const titles: Readonly<Record<ScoreName, string>> = {
  churn: 'Likelihood of leaving',
  bad_debt: 'Likelihood of not paying',
  upsell: 'Likelihood of taking more',
  crosssell: 'Likelihood of taking something else as well',
  clv: 'Value over the lifetime',
  influence: 'Influence on others',
};

/**
 * A draft as YAML, in the format of config/scores, with the reason beside each line and what was left out at its end.
 * @param source what the columns are from: `customers.csv`
 */
export function writeDeclaration(draft: Draft, source: string): string {
  const { rows, target, targetName, findings, warnings } = draft;
  const score = target?.score ?? 'churn';
  const used = findings.flatMap(({ feature, name, reason }) =>
    feature === undefined || name === undefined ? [] : [{ feature, name, reason }],
  );
  const leftOut = findings.filter(({ feature }) => feature === undefined);
  return `${[
    `# A first draft, made from ${rows} rows of ${oneLine(source)}: read every line, and correct it.`,
    ...warnings.map((warning) => `# Look: ${warning}`),
    `score: ${score}`,
    `title: ${titles[score]}`,
    ...targetLines(draft, target, targetName),
    'horizon_days: 30 # how far ahead the score looks; a file does not say within which time something happened',
    used.length === 0 ? 'features: {}' : 'features:',
    ...used.map(({ feature, name, reason }) => `  ${name}: ${featureLine(feature)} # ${oneLine(reason)}`),
    ...(leftOut.length === 0 ? [] : ['# Left out:', ...leftOut.map(({ column, reason }) => `#   ${oneLine(column)}: ${oneLine(reason)}`)]),
  ].join('\n')}\n`;
}

function targetLines({ counts }: Draft, target: Target | undefined, name: string | undefined): string[] {
  if (target === undefined || name === undefined) return ['# target: # the attribute that says what happened'];
  const share = counts === undefined ? '' : `; it happened to ${counts.happened} of ${counts.happened + counts.otherwise}`;
  const { happened, otherwise } = target;
  const mapping =
    happened === undefined
      ? []
      : [
          `# The mapping of the import must have, under attributes:`,
          `#   ${name}: { column: ${scalar(target.column)}, values: { ${[...happened.map(meaning(true)), ...otherwise.map(meaning(false))]
            .filter((each) => each !== '')
            .join(', ')} }${blankOf(happened, otherwise)} }`,
        ];
  return [
    ...mapping,
    ...(target.others.length === 0 ? [] : [`# It could also be ${target.others.map(oneLine).join(', ')}.`]),
    `target: ${name} # column ${scalar(target.column)}: ${oneLine(target.reason)}${share}`,
  ];
}

const meaning =
  (value: boolean) =>
  (word: string): string =>
    word === '' ? '' : `${quotedScalar(word)}: ${String(value)}`;

function blankOf(happened: readonly string[], otherwise: readonly string[]): string {
  return happened.includes('') ? ', blank: true' : otherwise.includes('') ? ', blank: false' : '';
}

function featureLine({ type, knots, logarithm }: FeatureLine): string {
  return `{ type: ${type}${knots === undefined ? '' : `, knots: ${knots}`}${logarithm === true ? ', logarithm: true' : ''} }`;
}

const quotedScalar = (text: string): string => stringify(oneLine(text), { defaultStringType: 'QUOTE_SINGLE', lineWidth: 0 }).trim();
const scalar = (text: string): string => (/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(text) ? text : quotedScalar(text));

/** A comment ends with its line. */
const oneLine = (text: string): string => text.replace(/[\s\u0085\u2028\u2029]+/gu, ' ').trim();
