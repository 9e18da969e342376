/** Runs a command within this process. @returns what it printed */
export async function printedBy(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const printed = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await work();
  } finally {
    printed.mockRestore();
  }
  return lines.join('\n');
}
