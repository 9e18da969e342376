/** What jest runs once after all specs: stops what global-setup.ts started, in the same process. */
export default async function tearDown(): Promise<void> {
  const { stopTestServers } = await import('./test-servers.js');
  await stopTestServers();
}
