import { domainToASCII } from 'node:url';

/** How one mail provider reads what stands before the @. */
interface ProviderRule {
  /** All of them are one provider: the same name at each is the same inbox. */
  readonly domains: readonly string[];
  /** Characters that the provider passes over. */
  readonly ignored?: RegExp;
  /** What follows a + is a tag of the owner's, and no part of the name. */
  readonly tags: boolean;
  readonly source: string;
}

/**
 * What is known for sure, and nothing else: everywhere else a dot and a tag make another address. A company's own domain may
 * be run by any of these providers by other rules.
 */
export const providerRules: readonly ProviderRule[] = [
  {
    domains: ['gmail.com', 'googlemail.com'],
    ignored: /\./g,
    tags: true,
    source: 'Gmail Help: "Dots don\'t matter in Gmail addresses", "Send emails from a different address or alias", "googlemail.com"',
  },
  {
    domains: ['proton.me', 'protonmail.com', 'pm.me'],
    ignored: /[._-]/g,
    tags: true,
    source: 'Proton Support: "Addresses and aliases": dots, hyphens and underscores are ignored, + aliases, one name at all domains',
  },
  { domains: ['outlook.com'], tags: true, source: 'Microsoft 365: plus addressing; a + cannot be part of the name of an account' },
  { domains: ['hotmail.com'], tags: true, source: 'as outlook.com' },
  { domains: ['live.com'], tags: true, source: 'as outlook.com' },
  { domains: ['fastmail.com'], tags: true, source: 'Fastmail Help: "Plus addressing and subdomain addressing"' },
  { domains: ['fastmail.fm'], tags: true, source: 'as fastmail.com' },
];

const ruleOf = new Map(providerRules.flatMap((rule) => rule.domains.map((domain) => [domain, rule])));

/** A mail domain as the network writes it: lower case, letters outside ASCII in punycode (UTS 46); empty if it can be none. */
export function asciiDomain(domain: string): string {
  return domainToASCII(domain).replace(/\.$/, '');
}

/** The address as it stands in a command to a mail server: its domain in ASCII. */
export function wireEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return /^[\x00-\x7f]*$/.test(address) ? address : `${address.slice(0, at)}@${asciiDomain(address.slice(at + 1))}`;
}

/**
 * The one form of an e-mail address, to compare by. Case does not count before the @ either: no provider of note gives
 * `Ada` and `ada` to two people, and who opted out must not be written to in other letters.
 */
export function canonicalEmail(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return address.toLowerCase();
  const domain = asciiDomain(address.slice(at + 1)) || address.slice(at + 1).toLowerCase();
  const name = address.slice(0, at).toLowerCase();
  const rule = ruleOf.get(domain);
  if (rule === undefined) return `${name}@${domain}`;
  const untagged = rule.tags ? name.replace(/(?<=.)\+.*$/, '') : name;
  const plain = rule.ignored === undefined ? untagged : untagged.replace(rule.ignored, '');
  return `${plain || untagged}@${rule.domains[0] ?? domain}`;
}
