import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackProblem } from './part.js';
import { takePorts } from './ports.js';

let directory: string;
const others: Server[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ports-'));
});
afterEach(async () => {
  for (const server of others.splice(0)) await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

/** Another program takes a port: any, unless one is named. */
async function taken(port = 0): Promise<number> {
  const server = createServer();
  others.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
/** A port that is free, and stays so: below those that the system gives to the programs that run beside this one. */
async function free(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  try {
    await taken(port);
  } catch {
    return free();
  }
  await new Promise((resolve) => others.pop()?.close(resolve));
  return port;
}

describe('the ports of a stack', () => {
  it('are all different, and the same at every start', async () => {
    const first = await takePorts(directory, {});
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
    expect(await takePorts(directory, {})).toEqual(first);
    expect(await takePorts(directory, { first: { http: await free(), mailPage: await free() } })).toEqual(first);
  });

  it('are those of a first start if they are free, otherwise others', async () => {
    const [mine, theirs] = [await free(), await taken()];
    const ports = await takePorts(directory, { first: { http: mine, mailPage: theirs } });
    expect(ports.http).toBe(mine);
    expect(ports.mailPage).not.toBe(theirs);
  });

  it('can be set, also to one that another part had', async () => {
    const before = await takePorts(directory, {});
    const ports = await takePorts(directory, { set: { http: { port: before.postgresql, by: 'PERENNIAL_HTTP_PORT' } } });
    expect(ports).toMatchObject({ http: before.postgresql, redis: before.redis, twilio: before.twilio });
    expect(ports.postgresql).not.toBe(before.postgresql);
  });

  it('are never changed silently: a set port is used, or the start fails', async () => {
    const port = await taken();
    const start = takePorts(directory, { set: { inboundSmtp: { port, by: 'PERENNIAL_INBOUND_SMTP_PORT' } } });
    await expect(start).rejects.toThrow(
      new StackProblem(`Port ${port} (PERENNIAL_INBOUND_SMTP_PORT) is taken by another program: stop that program, or set another port.`),
    );
  });

  it('keep the one in the links of sent messages, or the start fails; ports that only this machine uses may change', async () => {
    const before = await takePorts(directory, {});
    await taken(before.redis);
    const moved = await takePorts(directory, {});
    expect(moved).toEqual({ ...before, redis: moved.redis });
    await taken(before.http);
    await expect(takePorts(directory, {})).rejects.toThrow(/links in sent messages.*PERENNIAL_HTTP_PORT/);
    const port = await free();
    expect(await takePorts(directory, { set: { http: { port, by: 'PERENNIAL_HTTP_PORT' } } })).toMatchObject({ http: port });
    expect(await takePorts(directory, {})).toMatchObject({ http: port });
  });
});
