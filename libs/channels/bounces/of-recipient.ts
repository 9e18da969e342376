import { canonicalEmail } from '../address/canonical-email.js';
import { addresses } from '../../platform/wording.js';

/** Addresses that a report names as a contact or as its author, and not as a recipient. */
const roles =
  /^(post-?master|mailer-?daemon|abuse|admin(istrator)?|support|help-?desk|help|info|no-?reply|hostmaster|bounces?|[br]\+[^@]{1,100})@/i;

/**
 * The part of an explanation about one recipient: without the text from another address to the next one. If it does not name the recipient
 * at all, the named addresses are forwarding targets, and the whole text counts. Addresses are compared in their canonical form.
 */
export function ofRecipient(explanation: string, recipient: string): string {
  const own = canonicalEmail(recipient);
  let isNamed = false;
  let skips = false;
  const kept: string[] = [];
  for (const line of explanation.split('\n')) {
    const named = recipientsIn(line);
    if (named.includes(own)) [isNamed, skips] = [true, false];
    else if (named.length > 0) skips = true;
    if (!skips) kept.push(line);
  }
  return isNamed ? kept.join('\n') : explanation;
}

function recipientsIn(line: string): string[] {
  return (line.match(addresses) ?? []).filter((one) => !roles.test(one)).map((one) => canonicalEmail(one.replace(/[.!?|*]+$/, '')));
}
