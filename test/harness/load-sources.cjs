const { readFileSync } = require('node:fs');
const { registerHooks } = require('node:module');
const { join } = require('node:path');
const { fileURLToPath } = require('node:url');
const { transformSync } = require('@swc/core');

// Has node load our sources as they are: `./x.js` is the `./x.ts` that is there, and it is compiled as the build compiles it.
const { exclude: _, ...options } = JSON.parse(readFileSync(join(__dirname, '..', '..', '.swcrc'), 'utf8'));
const isOurs = (url) => url?.endsWith('.ts') === true && !url.includes('/node_modules/');

/** The source map, as a URL, of each source that was loaded. */
const sourceMaps = new Map();

registerHooks({
  resolve: (specifier, context, next) => {
    const source = /^\.{1,2}\/.*\.js$/.test(specifier) && isOurs(context.parentURL);
    return next(source ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load: (url, context, next) => {
    if (!isOurs(url)) return next(url, context);
    const filename = fileURLToPath(url);
    const { code, map } = transformSync(readFileSync(filename, 'utf8'), { ...options, swcrc: false, filename });
    sourceMaps.set(url, `data:application/json;base64,${Buffer.from(map).toString('base64')}`);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

module.exports = { sourceMaps };
