import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StackProblem, type Secrets } from './part.js';

const secrets = z.object({
  secret: z.string().min(32),
  databasePassword: z.string().min(16),
  twilioAccountSid: z.string().regex(/^AC[0-9a-f]{32}$/),
  twilioAuthToken: z.string().min(16),
});

/** The secrets of one data directory: generated at its first start, readable only by its owner. */
export async function loadSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    const made: Secrets = {
      secret: randomBytes(32).toString('base64url'),
      databasePassword: randomBytes(24).toString('base64url'),
      twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
      twilioAuthToken: randomBytes(16).toString('hex'),
    };
    await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600, flag: 'wx' });
    return made;
  }
  try {
    return secrets.parse(JSON.parse(text));
  } catch (error) {
    throw new StackProblem(`${file} cannot be read as secrets: put it back from a copy, or start over with rm -r ${dataDir}.`, {
      cause: error,
    });
  }
}
