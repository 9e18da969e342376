import { rows as classes } from './inbound/classes.js';
import { rows as replies } from './inbound/replies.js';
import { rows as reports } from './inbound/reports.js';
import type { BenchReport } from './report.js';

/** What is measured, each over its part of the corpus in test/corpus. */
const parts = [replies, classes, reports];

/** How well incoming mail is read: shares, 1 is all. */
export async function run(report: BenchReport): Promise<void> {
  for (const rows of parts) await rows(report);
}
