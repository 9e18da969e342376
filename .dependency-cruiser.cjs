/** Who may import whom. `npm run lint` holds the code to it. */
const pure = '^libs/(campaigns/campaign-states|platform/(clock|problem))[.]ts$';
/** Names, types and ids for everybody; they load nothing. */
const contract = '^workflows/(contract|starts)[.]ts$';

const { order, within } = require('./libs/rooms.json');
const specs = '[.]spec[.]ts$';

/** Imports go down the order: a room knows the rooms before it, types included. Specs may use any. */
const downwards = (folder, rooms) =>
  rooms.slice(0, -1).map((room, place) => ({
    name: `${room}-knows-no-room-above`,
    comment: `libs/rooms.json has the order. What must go up goes by an argument or by the outbox.`,
    severity: 'error',
    from: { path: `^${folder}/${room}/`, pathNot: specs },
    to: { path: `^${folder}/(${rooms.slice(place + 1).join('|')})/` },
  }));

module.exports = {
  forbidden: [
    ...downwards('libs', order),
    ...Object.entries(within).flatMap(([room, folders]) => downwards(`libs/${room}`, folders)),
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
