import { canonicalEmail } from '../address/canonical-email.js';
import { addresses } from '../../platform/wording.js';

/** Whom a report names as a helper or as its writer, and not as a recipient. */
const roles =
  /^(post-?master|mailer-?daemon|abuse|admin(istrator)?|support|help-?desk|help|info|no-?reply|hostmaster|bounces?|[br]\+[^@]{1,100})@/i;

/**
 * What an explanation says of one recipient: without what stands from another's address to the next address. Where it does not
 * name the recipient at all, whoever it names is where their mail is forwarded to, and all of it counts. Addresses are
 * compared in their canonical form.
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
