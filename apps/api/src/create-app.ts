import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { projectFile } from '../../../libs/platform/project-file.js';
import { AppModule } from './app.module.js';
import { consoleFiles } from './console/console-files.js';
import type { Host } from './host.module.js';
import { wellFormed } from './http/address.js';
import { bodyParser } from './http/body-parsers.js';
import { describeApi } from './http/openapi.js';
import { isPublication } from './publications/publication-body.interceptor.js';
import { securityHeaders } from './http/security-headers.js';

/**
 * Builds the api; the caller makes it listen.
 * @param consoleDir the folder of the console's built files
 */
export async function createApp(host: Host, consoleDir = projectFile('dist', 'console')): Promise<NestExpressApplication> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes any object
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(host), {
    logger: false,
    abortOnError: false,
    // Webhooks check signatures over the raw body, so each part of the api reads its own bodies.
    bodyParser: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders(host.settings.http.publicUrl.startsWith('https:')));
  app.use(wellFormed(({ path }) => path));
  // Only under /v1: other programs may have added a query to the address of a link in a mail.
  app.use(
    '/v1',
    wellFormed(({ originalUrl }) => originalUrl),
    bodyParser(isPublication),
  );
  app.use(consoleFiles(consoleDir));
  describeApi(app);
  return app;
}
