import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The path of a Chromium: what PERENNIAL_CHROMIUM names, else the first on the PATH.
 * @throws Error that says how to install one
 */
export async function findChromium(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const named = env['PERENNIAL_CHROMIUM'];
  const dirs = (env['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  const places = named === undefined ? names.flatMap((name) => dirs.map((dir) => join(dir, name))) : [named];
  for (const place of places) {
    if (await isProgram(place)) return place;
  }
  const missing =
    named === undefined ? `there is no ${names.join(', ')} on the PATH` : `PERENNIAL_CHROMIUM names ${named}, which is no program`;
  const error = new Error(
    `The browser tests need Chromium, and ${missing}: install it (Debian: apt-get install chromium) or set PERENNIAL_CHROMIUM to its path.`,
  );
  // Jest prints the stack, which would say less.
  error.stack = error.message;
  throw error;
}

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
