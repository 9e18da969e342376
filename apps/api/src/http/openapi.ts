import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

const description = `Everything under /v1 needs a key: \`Authorization: Bearer pk_...\`, or the session that the console opens with it.
Money is in integer minor units; instants are ISO 8601. Lists answer \`{items, next}\`: pass \`next\` as \`cursor\` for the next page.
Errors are RFC 9457 (\`application/problem+json\`): what is wrong, where, and what to do about it.`;

/** Inbound endpoints are for customers and providers; the providers' own documents describe them. */
const described = /^\/(v1|health)\//;

/** The description of the api. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Perennial')
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .addCookieAuth('perennial_session')
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, { deepScanRoutes: true, autoTagControllers: false });
  document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => described.test(path)));
  return document;
}

/** Serves the description of the api at /openapi.json and, for reading and trying out, at /docs. Both work without the internet. */
export function describeApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, apiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    swaggerOptions: { persistAuthorization: false },
  });
}
