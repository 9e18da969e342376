import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Request, type RequestHandler, Router } from 'express';

/** Paths that are not the console's: the api, health, its description, and the endpoints for customers and providers. */
const notTheConsole = /^\/(v1|health|docs|openapi\.json|hooks|l|o|p|u)(\/|$)/i;
/** The first parts of the console's own pages. */
const pages = /^\/(index\.html|campaigns|customers|scores|enrolments|messages|desk|templates|publications|alerts)?(\/|$)/;

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Perennial</title><style>body{font:16px/1.5 system-ui;max-width:34rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>The console is not built</h1><p>Run <code>npm run build</code> and reload this page. The api itself is up: see <a href="/docs">/docs</a>.</p></html>`;

/**
 * Serves the console's built files. Every page is the one index.html, which reads the address; files with a hash in their name never
 * change, so browsers cache them. A browser gets the console also for a missing page, with 404, and the console reports it; a program does
 * not.
 * @param dir the folder that the console was built into
 */
export function consoleFiles(dir: string): RequestHandler {
  const index = join(dir, 'index.html');
  const router = Router();
  router.use(
    express.static(dir, {
      index: false,
      redirect: false,
      setHeaders: (response, path) => {
        const hashed = path.startsWith(join(dir, 'assets'));
        response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.use((request, response, next) => {
    const known = pages.test(request.path);
    const wanted = known ? request.accepts(['html', 'json']) === 'html' : isBrowser(request);
    if (request.path.startsWith('/assets/') || !wanted) next();
    else if (!existsSync(index)) response.status(404).type('html').send(notBuilt);
    else {
      response.status(known ? 200 : 404).setHeader('Cache-Control', 'no-cache');
      response.sendFile('index.html', { root: dir, dotfiles: 'allow', cacheControl: false });
    }
  });
  return (request, response, next) => {
    const wanted = (request.method === 'GET' || request.method === 'HEAD') && !notTheConsole.test(request.path);
    if (wanted) router(request, response, next);
    else next();
  };
}

function isBrowser(request: Request): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}
