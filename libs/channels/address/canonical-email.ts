import { domainToASCII } from 'node:url';

/** How one mail provider reads the part before the @. */
interface ProviderRule {
  /** Domains of one provider: the same name at each of them is the same inbox. */
  readonly domains: readonly string[];
  /** Characters that the provider ignores. */
  readonly ignored?: RegExp;
  /** Text after a + is the owner's tag, and not part of the name. */
  readonly tags: boolean;
  readonly source: string;
}

/**
 * Only what the providers document: at any other domain a dot or a tag makes another address. A company's own domain at one of these
 * providers may follow other rules.
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

/** A mail domain as the network writes it: lower case, letters outside ASCII in punycode (UTS 46); empty if it cannot be a domain. */
export function asciiDomain(domain: string): string {
  return domainToASCII(domain).replace(/\.$/, '');
}

/** The address as it is written in a command to a mail server: its domain in ASCII. */
export function wireEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return /^[\x00-\x7f]*$/.test(address) ? address : `${address.slice(0, at)}@${asciiDomain(address.slice(at + 1))}`;
}

/**
 * The canonical form of an e-mail address, for comparisons. Case is ignored before the @ too: no major provider gives `Ada` and `ada` to
 * two people, and an opt-out must hold in any case.
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
