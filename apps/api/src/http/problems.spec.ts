import { connect } from 'node:net';
import { once } from 'node:events';
import { query } from '../../../../libs/persistence/sql.js';
import { newId } from '../../../../libs/platform/ids.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly places?: { where: string; what: string }[];
  readonly remedy?: string;
  readonly instance?: string;
}
const post = (path: string, body: unknown) => api.request<ProblemBody>('POST', path, { body });

describe('an invalid request', () => {
  it('is answered with every wrong place, as application/problem+json', async () => {
    const { status, headers, body } = await post('/v1/customers', { externalId: '', monthlyCharge: -1, currency: 'euro', tenure: 1.5 });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ type: 'urn:perennial:problem:invalid', title: 'The request is not valid', status: 400 });
    expect(body.places?.map(({ where }) => where).sort()).toEqual(['currency', 'externalId', 'monthlyCharge', 'tenure']);
  });

  it.each([
    ['no JSON', '{"externalId": '],
    ['nothing', undefined],
  ])('is refused if its body is %s', async (_, body) => {
    expect((await post('/v1/customers', body)).status).toBe(400);
  });

  it.each(['null', '1', '"text"', '[]'])('is refused if its body is not an object: %s', async (body) => {
    const places = [{ where: 'the body', what: 'must be a JSON object' }];
    expect(await post('/v1/customers', body)).toMatchObject({ status: 400, body: { places } });
  });

  it('is refused for a number in its path that is not one', async () => {
    const { status, body } = await api.request<ProblemBody>('GET', '/v1/publications/none');
    expect([status, body.places]).toEqual([400, [{ where: 'version', what: 'must be a whole number' }]]);
  });

  it.each(['application/json', 'text/yaml', 'text/plain', 'application/json; charset=utf-8'])(
    'is refused if its body is not UTF-8, as %s',
    async (type) => {
      for (const path of ['/v1/customers', '/v1/campaigns/validate']) {
        const body = Buffer.from('{"externalId":"caf\xf1"}', 'latin1');
        const answer = await fetch(`${api.url}${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${api.key}`, 'content-type': type },
          body,
        });
        expect([answer.status, await answer.json()]).toMatchObject([400, { title: 'The body is not valid UTF-8' }]);
      }
    },
  );

  it('is refused if its charset is another one', async () => {
    const headers = { 'content-type': 'text/yaml; charset=utf-16le' };
    const { status, body } = await api.request<ProblemBody>('POST', '/v1/campaigns/validate', { body: 'a: b', headers });
    expect([status, body.places]).toEqual([400, [{ where: 'Content-Type', what: 'names the charset utf-16le' }]]);
  });

  it.each(['application/xml', 'multipart/form-data; boundary=x'])('is refused with what to send instead of %s', async (type) => {
    const { status, body } = await api.request<ProblemBody>('POST', '/v1/customers', { body: '<a/>', headers: { 'content-type': type } });
    expect(status).toBe(415);
    expect(body).toMatchObject({
      type: 'urn:perennial:problem:unsupported',
      remedy: expect.stringContaining('application/json') as string,
    });
  });

  it('is refused if it has a key that schemas drop', async () => {
    const { status, body } = await post('/v1/customers', '{"externalId":"a","attributes":{"__proto__":1}}');
    expect([status, body.places]).toEqual([400, [{ where: 'the body', what: 'has the key __proto__' }]]);
  });

  it.each(['/v1/customers/%ff', '/v1/customers?search=%ff', '/v1/customers?search=100%', '/c/%ff'])(
    'is refused with a message about its address: %s',
    async (path) => {
      const { status, body } = await api.request<ProblemBody>('GET', path);
      expect(status).toBe(400);
      expect(body).toMatchObject({ title: 'The address is not well-formed', remedy: expect.not.stringContaining('JSON') as string });
    },
  );

  it('names the place inside a batch', async () => {
    const event = { externalId: 'a', kind: 'ticket.opened', at: '2026-03-02T12:00:00Z', source: 'crm', sourceId: '1' };
    const { body } = await post('/v1/events', [event, { ...event, at: 'yesterday' }]);
    expect(body.places?.map(({ where }) => where)).toEqual(['1.at']);
  });

  it('is refused if a text cannot be stored', async () => {
    const customer = { externalId: 'nul\u0000', monthlyCharge: 1, currency: 'EUR', tenure: 1 };
    expect((await post('/v1/customers', customer)).status).toBe(400);
    expect((await post('/v1/customers', { ...customer, externalId: 'a', attributes: { note: '\u0000' } })).status).toBe(400);
    expect((await api.request('GET', '/v1/customers?search=%00')).status).toBe(400);
  });

  it.each([
    ['a name', { name: 'A\u0007nn' }, 'name'],
    ['a value of an attribute', { attributes: { note: 'a\u001b[31m' } }, 'attributes.note'],
    ['a company\u2019s own number', { externalId: 'a\u0000' }, 'externalId'],
    ['an address', { contactPoints: [{ channel: 'email', address: 'ada\u0001@example.com' }] }, 'contactPoints.0.address'],
  ])('is refused with its place if %s contains a control character', async (_, given, where) => {
    const places = [{ where, what: expect.stringMatching(/^contains the control character U\+00/) as string }];
    expect(await post('/v1/customers', { externalId: 'a', ...given })).toMatchObject({ status: 400, body: { places } });
  });

  it('may have lines in the value of an attribute and in the data of an event', async () => {
    const externalId = newId();
    const customer = { externalId, attributes: { note: 'called twice\r\n\tno answer' } };
    expect(await post('/v1/customers', customer)).toMatchObject({ status: 201 });
    const event = { externalId, kind: 'ticket.opened', at: '2026-03-02T12:00:00Z', source: 'crm', sourceId: newId() };
    expect((await post('/v1/events', [{ ...event, data: { text: 'two\nlines' } }])).status).toBe(200);
    const { body } = await post('/v1/events', [{ ...event, data: { tags: ['a', 'b\u0002'] } }]);
    expect(body.places).toEqual([{ where: '0.data.tags.1', what: 'contains the control character U+0002' }]);
  });

  it.each([
    ['half a character', '{"a":"\\ud800"}'],
    ['half a character in a name', '{"\\udfff":1}'],
    ['lists within lists without end', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('is refused if its data contain %s', async (_, data) => {
    const event = `"externalId":"a","kind":"ticket.opened","at":"2026-03-02T12:00:00Z","source":"crm","sourceId":"1"`;
    expect((await post('/v1/events', `[{${event},"data":${data}}]`)).status).toBe(400);
  });

  it('is refused if its YAML refers to itself without end', async () => {
    const more = 'bcdefg'.split('').map(
      (name, before) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdef'.charAt(before)}`)
          .join()}]`,
    );
    const headers = { 'content-type': 'text/yaml' };
    const { status } = await api.request('POST', '/v1/campaigns/validate', { body: ['a: &a [x]', ...more].join('\n'), headers });
    expect(status).toBe(400);
  });

  it.each(['cursor=nonsense', 'limit=0', 'limit=201', 'limit=ten', 'status=gone', 'segment=7', 'limit=10&limit=20'])(
    'is refused if its query is %s',
    async (search) => {
      expect((await api.request('GET', `/v1/customers?${search}`)).status).toBe(400);
    },
  );
});

describe('a body that is too large', () => {
  it.each([1_100_000, 10_000_000])('is refused: %d bytes', async (size) => {
    const { status, body } = await post('/v1/customers', { externalId: 'x'.repeat(size) });
    expect(status).toBe(413);
    expect(body).toMatchObject({ type: 'urn:perennial:problem:too-large', remedy: expect.stringContaining('1 MB') as string });
  });

  it('is refused as YAML, too', async () => {
    const { status } = await api.request('POST', '/v1/campaigns/validate', {
      body: 'x'.repeat(1_100_000),
      headers: { 'content-type': 'text/yaml' },
    });
    expect(status).toBe(413);
  });
});

describe('a missing resource', () => {
  it.each([
    ['GET', '/v1/customers'],
    ['GET', '/v1/enrolments'],
    ['GET', '/v1/campaigns'],
    ['POST', '/v1/campaigns/ID/launch'],
    ['GET', '/v1/campaigns/ID/report'],
    ['GET', '/v1/campaigns/ID/feed'],
    ['GET', '/v1/campaigns/ID/enrolments'],
  ])('is not found, whether its id is one or not: %s %s', async (method, path) => {
    for (const id of [
      newId(),
      newId().toUpperCase(),
      '00000000-0000-0000-0000-000000000000',
      'no-such-thing',
      '%00',
      "'--",
      'x'.repeat(3000),
    ]) {
      const { status, body } = await api.request<ProblemBody>(method, path.includes('ID') ? path.replace('ID', id) : `${path}/${id}`);
      expect([status, body.type]).toEqual([404, 'urn:perennial:problem:not-found']);
    }
  });

  it.each([
    ['GET', '/v1/nothing'],
    ['DELETE', '/v1/customers'],
    ['POST', '/nothing'],
    ['GET', '/v1/customers/%E0%A4%A'],
  ])('is a problem also if the route does not exist: %s %s', async (method, path) => {
    const { status, headers } = await api.request(method, path);
    expect([400, 404]).toContain(status);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('a defect', () => {
  it('is reported only by its id', async () => {
    await query(api.em(), 'alter table segment rename to lost_segment');
    try {
      const { status, body } = await api.request<ProblemBody>('GET', '/v1/segments');
      expect(status).toBe(500);
      expect(body).toMatchObject({ type: 'urn:perennial:problem:defect', instance: expect.stringMatching(/^urn:uuid:/) as string });
      expect(JSON.stringify(body)).not.toContain('segment');
    } finally {
      await query(api.em(), 'alter table lost_segment rename to segment');
    }
  });
});

describe('a connection that ends within the body', () => {
  it('does not affect others', async () => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(
      `POST /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.key}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"ext`,
    );
    socket.destroy();
    expect((await api.request('GET', '/health/live')).status).toBe(200);
  });
});
