import type { z } from 'zod';
import { rangeOf } from '../scoring/score-range.js';
import { scoreKinds } from '../scoring/score-model.entity.js';
import { didYouMean } from '../platform/nearest.js';
import type { CampaignDefinition } from './definition.js';
import { manualTrigger, scoreTrigger } from './definition-schema.js';
import { inside, placeAt, shortened, type Faults } from './faults.js';

const byScore = '{ score: churn, rises_above: 0.60, falls_below: 0.50 }';
const byHand = '{ manual: true }';
const keys = ['score', 'rises_above', 'falls_below', 'manual'];
/** What people call the parts of a trigger, and what they are called here. */
const otherNames: Readonly<Record<string, string>> = {
  above: 'rises_above',
  below: 'falls_below',
  threshold: 'rises_above',
  crosses: 'rises_above',
};

/** Reads the trigger. What is wrong goes into `faults`, with what to write instead. */
export function readTrigger(written: unknown, faults: Faults): CampaignDefinition['trigger'] | undefined {
  const place = placeAt('trigger');
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    faults.add(place, written === undefined ? `is missing; write trigger: ${byScore} or ${byHand}` : instead(written));
    return undefined;
  }
  const names = Object.keys(written);
  if (!names.some((name) => keys.includes(name) || name in otherNames || didYouMean(name, keys) !== '')) {
    const kind = shortened(names[0] ?? '');
    faults.add(
      place,
      kind === ''
        ? `is empty; write trigger: ${byScore} or ${byHand}`
        : `there is no trigger by ${kind}; write ${byScore}, or ${byHand} and enrol by hand. What happened can stand in the audience: events("ticket.opened", 30) >= 1`,
    );
    return undefined;
  }
  if (names.includes('manual') && names.length > 1) {
    faults.add(place, `is by score and by hand in one; write ${byScore} or ${byHand}`);
    return undefined;
  }
  if (names.includes('manual')) return faults.check(manualTrigger, written, place);
  const renamed = names.filter((name) => Object.hasOwn(otherNames, name));
  for (const name of renamed) faults.add(inside(place, [name]), `is not known here; write ${String(otherNames[name])}`);
  if (renamed.length > 0) return undefined;
  const read = faults.check(scoreTrigger, written, place, keys);
  if (read !== undefined) checkRange(read, faults);
  return read;
}

/** A bound that no score can pass enrols nobody for ever. */
function checkRange({ score, risesAbove, fallsBelow }: z.output<typeof scoreTrigger>, faults: Faults): void {
  const range = rangeOf(score);
  if (range === undefined) return;
  const [least, most] = range;
  const said = `a ${score} score is a likelihood from ${String(least)} to ${String(most)}`;
  const likely = (bound: number): string => (bound > 1 && bound < 100 ? `; write ${String(bound / 100)}` : '');
  if (risesAbove >= most)
    faults.add(placeAt('trigger', 'rises_above'), `${said}, so it never rises above ${String(risesAbove)}${likely(risesAbove)}`);
  if (risesAbove < least) faults.add(placeAt('trigger', 'rises_above'), `${said}, so it is always above ${String(risesAbove)}`);
  if (fallsBelow < least) faults.add(placeAt('trigger', 'falls_below'), `${said}, so it never falls below ${String(fallsBelow)}`);
}

/** What to write for a trigger that is no mapping. */
function instead(written: unknown): string {
  const text = typeof written === 'string' ? written.trim() : '';
  const [, kind = '', bound] = /^(?:score\.)?(\w+)\s*(?:>=?\s*([\d.]+))?$/.exec(text) ?? [];
  if (scoreKinds.some((known) => known === kind)) {
    const above = bound === undefined ? 0.6 : Number(bound) > 1 ? Number(bound) / 100 : Number(bound);
    return `is not a trigger; write { score: ${kind}, rises_above: ${String(above)}, falls_below: ${String(Math.round(above * 85) / 100)} }`;
  }
  if (/manual|hand/i.test(text)) return `is not a trigger; write ${byHand}`;
  return `is not a trigger; write ${byScore} or ${byHand}`;
}
