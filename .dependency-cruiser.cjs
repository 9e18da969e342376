/** Who may import whom. `npm run lint` holds the code to it. */
const pure =
  '^libs/(journeys/(engine|effects|graph|inbox|moves|journey-signal|steps/.*|outcome)|campaigns/(definition|campaign-states)|platform/(clock|problem))[.]ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'libs-know-no-shell',
      severity: 'error',
      from: { path: '^libs/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^(apps|workflows|activities|test|bench)/' },
    },
    {
      name: 'workflows-are-pure',
      comment: 'Workflow code is replayed: it may import the Temporal workflow library, the pure engine, and types.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '[.]spec[.]ts$' },
      to: { pathNot: ['^workflows/', '@temporalio/(workflow|common)', pure], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-know-no-app',
      severity: 'error',
      from: { path: '^activities/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^(apps|workflows|bench)/' },
    },
    {
      name: 'apps-know-no-test',
      severity: 'error',
      from: { path: '^apps/', pathNot: ['^apps/cli/', '[.]spec[.]ts$'] },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'not-orphaned',
      severity: 'error',
      from: { orphan: true, pathNot: ['[.]spec[.]ts$', '[.]d[.]ts$', 'config[.](js|ts|cjs)$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|apps/console)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
