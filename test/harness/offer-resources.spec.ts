import { Redis } from 'ioredis';
import { offerResources } from './offer-resources.js';

const ask = async (address: string, name: string) => {
  const response = await fetch(`${address}/${name}`);
  return { status: response.status, text: await response.text() };
};

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined); // the promise below says it
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

describe('the resources of a test run', () => {
  it('are made once, however many ask, and stopped at the end', async () => {
    const { address, close } = await offerResources();
    const [one, two] = await Promise.all([ask(address, 'redis'), ask(address, 'redis')]);
    expect(one).toEqual(two);
    expect(await answers(one.text)).toBe(true);
    await close();
    expect(await answers(one.text)).toBe(false);
  });

  it('are named: what nobody knows is refused', async () => {
    const { address, close } = await offerResources();
    expect(await ask(address, 'elephant')).toEqual({ status: 500, text: 'There is no resource elephant' });
    await close();
  });
});
