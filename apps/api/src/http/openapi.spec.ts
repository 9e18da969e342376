import { z } from 'zod';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';

interface Media {
  readonly schema?: Parameters<typeof z.fromJSONSchema>[0];
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Operation {
  readonly summary?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let api: TestApi;
let operations: [string, Operation][];
beforeAll(async () => {
  api = await startTestApi();
  const { body } = await api.request<Document>('GET', '/openapi.json', { key: null });
  expect(body.openapi).toBe('3.1.0');
  operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
  );
});
afterAll(() => api.close());

/** The examples of one body, each with the errors of its schema. */
function errors(where: string, content: Readonly<Record<string, Media>> | undefined): string[] {
  const media = content?.['application/json'] ?? content?.['text/csv'];
  if (media === undefined) return [`${where} is not described`];
  const examples = [
    ...(media.example === undefined ? [] : [media.example]),
    ...Object.values(media.examples ?? {}).map(({ value }) => value),
  ];
  if (examples.length === 0 || media.schema === undefined) return [`${where} has no example or no schema`];
  const schema = z.fromJSONSchema(media.schema);
  return examples.flatMap((example) => {
    const checked = schema.safeParse(example);
    return checked.success ? [] : [`${where}: ${z.prettifyError(checked.error)}`];
  });
}

describe('the description of the api', () => {
  it('has every capability', () => {
    const described = operations.map(([name]) => name);
    for (const name of [
      'GET /v1/customers',
      'POST /v1/events',
      'POST /v1/campaigns/{idOrKey}/launch',
      'GET /v1/enrolments/{id}',
      'GET /health/ready',
    ]) {
      expect(described).toContain(name);
    }
    expect(described.filter((name) => !/ \/(v1|health)\//.test(name))).toEqual([]);
  });

  it('has a summary for every operation, and examples of request and answer that its own schemas accept', () => {
    const wrong = operations.flatMap(([name, { summary, requestBody, responses }]) => [
      ...(summary === undefined ? [`${name} has no summary`] : []),
      ...(requestBody === undefined ? [] : errors(`${name} request`, requestBody.content)),
      ...Object.entries(responses).flatMap(([status, { content }]) => (status.startsWith('2') ? errors(`${name} ${status}`, content) : [])),
    ]);
    expect(wrong).toEqual([]);
  });

  it('can be read without the internet', async () => {
    const { body: page } = await api.request<string>('GET', '/docs', { key: null });
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(file).not.toMatch(/^(https?:)?\/\//);
      expect((await api.request('GET', new URL(file, `${api.url}/docs`).pathname, { key: null })).status).toBe(200);
    }
    expect(page).not.toMatch(/<script>/);
  });
});
