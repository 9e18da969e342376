import Table from 'cli-table3';
import { metricsInWords } from '../../../../../libs/scoring/registry/metrics-in-words.js';
import type { RegisteredModel } from '../../../../../libs/scoring/registry/list-register.js';

/** Versions of models as a table. */
export function modelTable(models: readonly RegisteredModel[]): string {
  const table = new Table({
    head: ['score', 'version', 'state', 'trained', 'on customers that it did not learn from', 'customers', 'scored last'],
    style: { head: [], border: [] },
  });
  for (const { kind, version, state, trainedAt, metrics, sweptAt } of models)
    table.push([
      kind,
      String(version),
      state,
      trainedAt.toISOString(),
      metricsInWords(metrics),
      String(metrics.trainedOn),
      sweptAt?.toISOString() ?? '',
    ]);
  return table.toString();
}
