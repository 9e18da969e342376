/** The most lines that are compared with each other; longer texts are shown as one removed and one added text. */
const longest = 2_000;

/**
 * The difference between a text and the previous one, line by line: unchanged lines begin with two spaces, removed ones with `- `, added
 * ones with `+ `.
 */
export function differenceOf(before: string, after: string): string {
  const [old, now] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')];
  const common = old.length > longest || now.length > longest ? [] : commonLines(old, now);
  const written: string[] = [];
  let [from, to] = [0, 0];
  for (const [inOld, inNow] of [...common, [old.length, now.length] as const]) {
    written.push(...old.slice(from, inOld).map((line) => `- ${line}`), ...now.slice(to, inNow).map((line) => `+ ${line}`));
    if (inOld < old.length || inNow < now.length) written.push(`  ${old[inOld] ?? ''}`);
    [from, to] = [inOld + 1, inNow + 1];
  }
  return written.join('\n');
}

/** The longest common sequence of lines, as pairs of positions. */
function commonLines(old: readonly string[], now: readonly string[]): (readonly [number, number])[] {
  const width = now.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = now.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: (readonly [number, number])[] = [];
  for (let row = 0, column = 0; row < old.length && column < now.length;) {
    if (old[row] === now[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}
