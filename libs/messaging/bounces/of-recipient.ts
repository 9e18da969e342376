import { canonicalEmail } from '../../customers/address/canonical-email.js';
import { addresses } from '../../platform/wording.js';

/** Whom a report names as a helper or as its writer, and not as a recipient. */
const roles =
  /^(post-?master|mailer-?daemon|abuse|admin(istrator)?|support|help-?desk|help|info|no-?reply|hostmaster|bounces?|[br]\+[^@]{1,100})@/i;

/** What an explanation says of one recipient. */
export interface OfRecipient {
  /** Does it name others, and not this one? */
  readonly ofOthers: boolean;
  /** The explanation without what stands from another's address to the next address. */
  readonly words: string;
}

/** Takes from an explanation what it says of others than this recipient. Addresses are compared in their canonical form. */
export function ofRecipient(explanation: string, recipient: string): OfRecipient {
  const own = canonicalEmail(recipient);
  const seen = { own: false, others: false };
  let skips = false;
  const kept: string[] = [];
  for (const line of explanation.split('\n')) {
    const named = recipientsIn(line);
    if (named.includes(own)) [seen.own, skips] = [true, false];
    else if (named.length > 0) [seen.others, skips] = [true, true];
    if (!skips) kept.push(line);
  }
  return { ofOthers: seen.others && !seen.own, words: kept.join('\n') };
}

function recipientsIn(line: string): string[] {
  return (line.match(addresses) ?? []).filter((one) => !roles.test(one)).map((one) => canonicalEmail(one.replace(/[.!?|*]+$/, '')));
}
