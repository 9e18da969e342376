import { createClassifier, type Classifier } from '../../libs/responses/classify.js';
import { loadReplyWords } from '../../libs/responses/reply-words.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { isGrave, loadSentences, type Sentence } from './sentences.js';

let classify: Classifier;
let sentences: Sentence[];
beforeAll(async () => {
  classify = createClassifier(await loadReplyWords(projectFile('config', 'replies')));
  sentences = await loadSentences();
});

const got = ({ text, language }: Sentence, channel: 'sms' | 'email', locale = language): Sentence['answer'] =>
  classify({ channel, text, language: locale }).answer;

describe('the sentences that customers write back, in ten languages', () => {
  it('at least .97 of them are taken for what they are', () => {
    const wrong = sentences.filter((one) => got(one, 'email') !== one.answer);
    expect(wrong.map((one) => `${one.language} ${one.answer} as ${got(one, 'email')}: ${one.text}`)).toHaveLength(
      Math.min(wrong.length, Math.floor(sentences.length * 0.03)),
    );
  });

  it('none becomes an opt-out or an acceptance that is not one, by text or mail, whatever language its writer is said to speak', () => {
    const grave = sentences.flatMap((one) =>
      (['sms', 'email'] as const).flatMap((channel) =>
        [one.language, 'en', 'de', 'pl'].flatMap((locale) => {
          const answer = got(one, channel, locale);
          return isGrave(one.answer, answer) ? [`${locale} ${channel}, ${one.answer} as ${answer}: ${one.text}`] : [];
        }),
      ),
    );
    expect(grave).toEqual([]);
  });
});
