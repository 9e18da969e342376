import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    places: z.array(z.object({ where: z.string(), what: z.string() })).optional(),
    remedy: z.string().optional(),
    instance: z.string().optional(),
  })
  .describe('RFC 9457');

const refusals: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'There is no valid key or session',
  404: 'Not found',
  409: 'The current state does not allow it',
  413: 'The body is too large',
  503: 'A service that this request needs is down',
};

/**
 * The answer of a handler: its status, its shape and an example; and the refusals that a caller should expect.
 * @param refused statuses beyond 401
 */
export function Answers(
  status: number,
  schema: z.ZodType,
  example: unknown,
  refused: readonly (keyof typeof refusals)[] = [],
): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, standardSchema: schema, description: schema.description ?? 'Done', example }),
    ...refusalsOf(refused),
  );
}

/** The refusals that a caller should expect, beyond 401. */
export function refusalsOf(refused: readonly (keyof typeof refusals)[]): MethodDecorator[] {
  return [401, ...refused].map((refusal) =>
    ApiResponse({
      status: refusal,
      description: refusals[refusal] ?? 'Refused',
      content: {
        'application/problem+json': {
          schema: z.toJSONSchema(problemSchema) as Record<string, unknown>,
          example: { type: 'urn:perennial:problem:…', title: refusals[refusal], status: refusal, detail: refusals[refusal] },
        },
      },
    }),
  );
}

/** The JSON body of a handler, with an example that its schema accepts. */
export function Takes(schema: z.ZodType, example: unknown): MethodDecorator {
  return ApiBody({
    schema: z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' }) as Record<string, unknown>,
    examples: { example: { value: example } },
  });
}

/** A handler that creates: the same Idempotency-Key with the same request gets the first answer again, for 24 hours. */
export const idempotencyHeader = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'at most 200 characters; the same key with the same request gets the first answer again, for 24 hours',
});
