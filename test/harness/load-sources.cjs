const { readFileSync } = require('node:fs');
const { registerHooks } = require('node:module');
const { join } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { transformSync } = require('@swc/core');

// Makes node load our sources directly: `./x.js` is the existing `./x.ts`, compiled in the same way as by the build.
const root = join(__dirname, '..', '..');
const { exclude: _, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const isOurs = (url) => url?.endsWith('.ts') === true && !url.includes('/node_modules/');

/** The files that the build writes for the console: a spec gets them from their source, so that no build is needed. */
const vocabulary = pathToFileURL(join(root, 'dist', 'vocabulary.json')).href;
const vocabularySource = `import { vocabulary } from '${pathToFileURL(join(root, 'apps', 'api', 'src', 'http', 'vocabulary.ts')).href}';
export default vocabulary();`;

/** The source map, as a URL, of each source that was loaded. */
const sourceMaps = new Map();

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier.endsWith('/dist/vocabulary.json')) return { url: vocabulary, format: 'module', shortCircuit: true };
    const source = /^\.{1,2}\/.*\.js$/.test(specifier) && isOurs(context.parentURL);
    return next(source ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load: (url, context, next) => {
    if (url === vocabulary) return { format: 'module', source: vocabularySource, shortCircuit: true };
    if (!isOurs(url)) return next(url, context);
    const filename = fileURLToPath(url);
    const { code, map } = transformSync(readFileSync(filename, 'utf8'), { ...options, swcrc: false, filename });
    sourceMaps.set(url, `data:application/json;base64,${Buffer.from(map).toString('base64')}`);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

module.exports = { sourceMaps };
