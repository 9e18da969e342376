import '../apps/hosting/node-version.js';
import { createReport, type BenchReport } from './report.js';

/** Every bench by its name. Each is loaded only when it is run. */
const benches: Readonly<Record<string, () => Promise<{ run(report: BenchReport): Promise<void> }>>> = {
  scores: () => import('./scores.js'),
  lifetime: () => import('./lifetime.js'),
  influence: () => import('./influence.js'),
  sweep: () => import('./sweep.js'),
  rescore: () => import('./rescore.js'),
  journeys: () => import('./journeys.js'),
  dispatch: () => import('./dispatch.js'),
  policy: () => import('./policy.js'),
  inbound: () => import('./inbound.js'),
};

const [name, ...options] = process.argv.slice(2);
const load = name === undefined ? undefined : benches[name];
if (name === undefined || load === undefined || options.some((option) => option !== '--json')) {
  console.error(`Usage: node dist/bench/main.js NAME [--json]\nNAME is one of: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  const report = createReport(name);
  const bench = await load();
  await bench.run(report);
  report.print({ json: options.includes('--json') });
}
