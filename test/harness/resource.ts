/** What specs can request: a server's address, or the path of a program or of a build. */
export type ResourceName = 'postgresql' | 'redis' | 'temporal-test-server' | 'temporal-dev-server' | 'server' | 'console' | 'data';

/** The address of test/harness/offer-resources.ts: jest's main process sets it for its workers. */
const offeredAt = 'PERENNIAL_TEST_RESOURCES';

/** Manually set addresses replace the servers that the tests would start. */
const setByHand: Readonly<Partial<Record<ResourceName, string>>> = {
  postgresql: 'PERENNIAL_TEST_DATABASE_URL',
  redis: 'PERENNIAL_TEST_REDIS_URL',
  'temporal-test-server': 'PERENNIAL_TEST_SERVER_PATH',
  'temporal-dev-server': 'PERENNIAL_TEST_DEV_SERVER_PATH',
};

/**
 * Requests a resource. The first request of a run starts or builds it; the others wait for the same one.
 * @returns an address, a program's path, or a folder: `server` has the compiled processes and the workflow bundle, `console` the console's
 *   files, and below `data` a spec keeps the data of servers of its own, which a run that is interrupted still ends
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
