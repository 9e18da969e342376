import type { ContentKind } from '../content/content-kind.js';
import { readShaped } from '../content/source.js';
import { createClassifier, type Classifier } from './classify.js';
import { languageWords } from './reply-words.js';

const path = /^replies\/[^/]+\.yaml$/;

/** The word lists for answers, one document for each language. */
export const replyWordsContent: ContentKind<Classifier> = {
  owns: (each) => path.test(each),
  compile: (documents, _using, report) => {
    if (documents.size === 0) report({ file: 'replies', what: 'has no language; without words nobody could opt out' });
    const words = [...documents].flatMap(([file, yaml]) => readShaped(file, yaml, languageWords(), report) ?? []);
    return createClassifier(words);
  },
};
