import { connect, type AddressInfo, type Socket } from 'node:net';
import express, { type Response } from 'express';
import { query } from '../../../../libs/persistence/sql.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { waitFor } from '../../../../test/harness/wait-for.js';
import { sendCsv } from './send-csv.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Far more than the buffers between a server and a reader that does not read. */
const long = { sql: `select n, repeat('x', 1000) as text from generate_series(1, $1::int) n`, filter: [], columns: { n: '', text: '' } };

async function startServer(timeoutMs: number) {
  const ends: string[] = [];
  const app = express().get('/:rows', (request, response: Response, next) => {
    sendCsv(database.orm.em.fork(), long, [Number(request.params.rows)], 'file', response, timeoutMs)
      .then(() => ends.push('over'))
      .catch((error: unknown) => {
        ends.push(String(error));
        next(error);
      });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, ends, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** A reader that requests a file and does not read it. */
function stall(port: number): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write('GET /1000000 HTTP/1.1\r\nHost: x\r\n\r\n'));
  socket.pause();
  return socket;
}

describe('a reader that stalls', () => {
  it('is given up, and then blocks no place among the exports and no connection', async () => {
    const { port, ends, close } = await startServer(300);
    const readers = [stall(port), stall(port)];
    await waitFor(() => ends.length === 2);
    expect(ends).toEqual(['over', 'over']);
    const reading = await query(
      database.orm.em.fork(),
      `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    expect(reading).toEqual([]);
    const after = await fetch(`http://127.0.0.1:${String(port)}/3`);
    expect([after.status, (await after.text()).split('\r\n').length]).toEqual([200, 5]);
    // What they would find if they continued: a connection that ends before the end of the file.
    for (const reader of readers) {
      const closed = new Promise((resolve) => reader.once('close', resolve));
      reader.on('error', () => undefined).resume();
      await closed;
    }
    await close();
  });

  it('is one of at most two: a third is asked to try again later', async () => {
    const { port, ends, close } = await startServer(60_000);
    const readers = [stall(port), stall(port)];
    const reading = `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
    await waitFor(async () => (await query(database.orm.em.fork(), reading)).length === 2);
    const third = await fetch(`http://127.0.0.1:${String(port)}/3`);
    await third.text();
    expect([third.status, ends]).toEqual([500, [expect.stringContaining('Other exports are running')]]);
    for (const reader of readers) reader.destroy();
    await waitFor(() => ends.length === 3);
    expect((await fetch(`http://127.0.0.1:${String(port)}/3`)).status).toBe(200);
    await close();
  });

  it('is not the same as a slow reader', async () => {
    const { port, close } = await startServer(10_000);
    const response = await fetch(`http://127.0.0.1:${String(port)}/20000`);
    const text = await response.text();
    expect(text.split('\r\n')).toHaveLength(20_002);
    await close();
  });
});
