/** Everything that is wrong with the environment, as one list that is ready to print. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** Settings that make sense only together. @param names as a person reads them */
export function allOrNone<Name extends string>(
  values: Readonly<Record<Name, string | undefined>>,
  names: string,
): Record<Name, string> | undefined {
  const set = Object.values(values).filter((value) => value !== undefined).length;
  if (set === 0) return undefined;
  if (set < Object.keys(values).length) throw new SettingsError([`${names}: set all of them, or none`]);
  return values as Record<Name, string>;
}
