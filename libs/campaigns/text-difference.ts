/** Lines that are compared each with each; longer texts are shown as one taken away and one put in. */
const longest = 2_000;

/**
 * How a text differs from the one before, line by line: what stayed begins with two blanks, what went with `- `, what came
 * with `+ `.
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

/** The longest sequence of lines that both have, as pairs of places. */
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
