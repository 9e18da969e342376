import { z } from 'zod';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<string, Operation>>>>>;
}
interface Operation {
  readonly responses: Readonly<Partial<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> }>>>;
}

/**
 * Compares the api's answers with its own description.
 * @param document the api's /openapi.json
 */
export function createAnswerCheck(document: Described): (method: string, path: string, status: number, body: unknown) => void {
  const routes = Object.entries(document.paths).map(([template, operations]) => ({
    pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`),
    operations,
    // `/v1/campaigns/validate` before `/v1/campaigns/{idOrKey}`
    variables: template.split('{').length,
  }));
  routes.sort((a, b) => a.variables - b.variables);
  const schemas = new Map<JsonSchema, z.ZodType>();
  return (method, path, status, body) => {
    const [operation] = routes.flatMap(({ pattern, operations }) => (pattern.test(path) ? (operations[method.toLowerCase()] ?? []) : []));
    const schema = operation?.responses[String(status)]?.content?.['application/json']?.schema;
    if (schema === undefined) return;
    const known = schemas.get(schema) ?? z.fromJSONSchema(schema);
    schemas.set(schema, known);
    const checked = known.safeParse(body);
    if (!checked.success) throw new Error(`${method} ${path} answered otherwise than described: ${z.prettifyError(checked.error)}`);
  };
}
