/** What specs can ask for: a server's address, or the path of a program or of something built. */
export type ResourceName = 'postgresql' | 'redis' | 'temporal-test-server' | 'temporal-dev-server' | 'server' | 'console' | 'data';

/** Where test/harness/offer-resources.ts answers: jest's main process sets it for its workers. */
const offeredAt = 'PERENNIAL_TEST_RESOURCES';

/** What is set by hand takes the place of what the tests would bring up. */
const setByHand: Readonly<Partial<Record<ResourceName, string>>> = {
  postgresql: 'PERENNIAL_TEST_DATABASE_URL',
  redis: 'PERENNIAL_TEST_REDIS_URL',
  'temporal-test-server': 'PERENNIAL_TEST_SERVER_PATH',
  'temporal-dev-server': 'PERENNIAL_TEST_DEV_SERVER_PATH',
};

/**
 * Asks for a resource. The first spec of a run that asks has it started or built; the others wait for the same one.
 * @returns an address, a program's path, or a folder: `server` has the compiled processes and the workflow bundle, `console` the console's files,
 * and below `data` a spec keeps the data of servers of its own, which a run that is interrupted still ends
 * @throws Error with the reason why there is none
 */
export async function resource(name: ResourceName): Promise<string> {
  const given = process.env[setByHand[name] ?? ''];
  if (given !== undefined) return given;
  const address = process.env[offeredAt];
  if (address === undefined) throw new Error(`Nothing offers ${name}: run the tests through \`npm test\``);
  const response = await fetch(`${address}/${name}`);
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return answer;
}
