/** Who may import whom. `npm run lint` holds the code to it. */
const pure = '^libs/(campaigns/campaign-states|platform/(clock|problem))[.]ts$';
/** Names, types and ids for everybody; they load nothing. */
const contract = '^workflows/(contract|starts)[.]ts$';

const { order, within } = require('./libs/layers.json');
const specs = '[.]spec[.]ts$';

/** Imports go down the order: a layer imports the layers before it, types included. Specs may use any. */
const downwards = (folder, layers) =>
  layers.slice(0, -1).map((layer, place) => ({
    name: `${layer}-imports-no-layer-above`,
    comment: `libs/layers.json has the order. What must go up goes by an argument or by the outbox.`,
    severity: 'error',
    from: { path: `^${folder}/${layer}/`, pathNot: specs },
    to: { path: `^${folder}/(${layers.slice(place + 1).join('|')})/` },
  }));

module.exports = {
  forbidden: [
    ...downwards('libs', order),
    ...Object.entries(within).flatMap(([layer, folders]) => downwards(`libs/${layer}`, folders)),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'libs-know-no-shell',
      severity: 'error',
      from: { path: '^libs/', pathNot: specs },
      to: { path: '^(apps|workflows|activities|test|bench)/' },
    },
    {
      name: 'workflows-are-pure',
      comment:
        'Workflow code is replayed, and hardly ever changes: it may import the Temporal workflow library, pure rules of time and state, and types.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: specs },
      to: { pathNot: ['^workflows/', '@temporalio/(workflow|common)', pure], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-know-no-app',
      severity: 'error',
      from: { path: '^activities/', pathNot: specs },
      to: { path: '^(apps|workflows|bench)/', pathNot: contract },
    },
    {
      name: 'apps-know-no-test',
      severity: 'error',
      from: { path: '^apps/', pathNot: specs },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'not-orphaned',
      severity: 'error',
      from: { orphan: true, pathNot: [specs, '[.]d[.]ts$', 'config[.](js|ts|cjs)$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|apps/console)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: require('node:path').join(__dirname, 'tsconfig.json') },
  },
};
