import { connect } from 'node:net';
import { offerResources } from './offer-resources.js';

const ask = async (address: string, name: string) => {
  const response = await fetch(`${address}/${name}`);
  return { status: response.status, text: await response.text() };
};

/** Whether a server listens at this address. */
const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe('the resources of a test run', () => {
  it('are made once, however many specs request them, and stopped at the end', async () => {
    const { address, close } = await offerResources();
    const [one, two] = await Promise.all([ask(address, 'redis'), ask(address, 'redis')]);
    expect(one).toEqual(two);
    expect(await answers(one.text)).toBe(true);
    await close();
    expect(await answers(one.text)).toBe(false);
  });

  it('are named: an unknown name is refused', async () => {
    const { address, close } = await offerResources();
    expect(await ask(address, 'elephant')).toEqual({ status: 500, text: 'There is no resource elephant' });
    await close();
  });
});
