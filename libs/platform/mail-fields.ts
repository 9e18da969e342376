/** Fields by lower-case name; the first of each. */
export type Fields = ReadonlyMap<string, string>;

/** The rest of a report is not read. */
const longest = 64_000;

/**
 * Reads groups of `Name: value` lines with blank lines between them: the form of a mail's headers and of the machine-readable part of
 * reports (RFC 5322, 2.2; RFC 3464, 2.1). Folded lines are joined.
 */
export function readFieldGroups(text: string): Fields[] {
  return text
    .slice(0, longest)
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
        if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
      }
      return fields;
    })
    .filter((fields) => fields.size > 0);
}
