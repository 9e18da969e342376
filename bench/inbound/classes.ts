import { projectFile } from '../../libs/platform/project-file.js';
import { createClassifier } from '../../libs/responses/classify.js';
import { loadReplyWords } from '../../libs/responses/reply-words.js';
import { loadSentences } from '../../test/corpus/sentences.js';
import type { BenchReport } from '../report.js';

/** How many sentences of customers, in ten languages, are classified correctly. */
export async function rows(report: BenchReport): Promise<void> {
  const classify = createClassifier(await loadReplyWords(projectFile('config', 'replies')));
  const sentences = await loadSentences();
  const right = sentences.filter(({ language, text, answer }) => classify({ channel: 'email', text, language }).answer === answer);
  report.row('classes_right', right.length / sentences.length, 'share');
}
