import { readMail } from '../../apps/api/src/doors/mail/read-mail.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { createClassifier } from '../../libs/responses/classify.js';
import { loadReplyWords } from '../../libs/responses/reply-words.js';
import { visibleText } from '../../libs/responses/visible-text.js';
import { readReplies } from './replies/replies.js';
import { sameWords } from './replies/same-words.js';

describe('the corpus of replies', () => {
  it('is read as its writers wrote it, over twenty clients and more, in ten languages', async () => {
    const replies = await readReplies();
    expect(replies.length).toBeGreaterThanOrEqual(400);
    expect(new Set(replies.map(({ client }) => client)).size).toBeGreaterThanOrEqual(22);
    expect(new Set(replies.map(({ language }) => language)).size).toBe(10);

    const misread: string[] = [];
    for (const { client, language, raw, sent, own } of replies) {
      const read = visibleText((await readMail(raw, 'ada@example.test')).body, sent);
      if (!sameWords(read, own)) misread.push(`${client}, ${language}: ${JSON.stringify(own)} was read as ${JSON.stringify(read)}`);
    }
    // All of them are listed where one too many is.
    expect(misread.length <= replies.length * 0.02 ? [] : misread).toEqual([]);
  });

  it('gives no opt-out and no acceptance that its writer’s words alone would not give', async () => {
    const classify = createClassifier(await loadReplyWords(projectFile('config', 'replies')));
    const wrong: string[] = [];
    for (const { client, language, raw, sent, own } of await readReplies()) {
      const { body, subject, headers } = await readMail(raw, 'ada@example.test');
      for (const known of [sent, undefined]) {
        const text = visibleText(body, known);
        // The same words get the same answer.
        if (sameWords(text, own)) continue;
        const { answer } = classify({ channel: 'email', language, subject, headers, text });
        const alone = classify({ channel: 'email', language, text: own }).answer;
        if (['opt-out', 'accepted'].includes(answer) && answer !== alone)
          wrong.push(`${client}, ${language}: ${JSON.stringify(own)} is ${answer}, not ${alone}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
