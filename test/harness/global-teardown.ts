/** What jest runs once after all specs, in the process of global-setup.ts. */
export default async function tearDown(): Promise<void> {
  const { stopOffering } = await import('./global-setup.js');
  await stopOffering();
}
