import { readMail } from '../../libs/responses/mail/reading/read-mail.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { createClassifier } from '../../libs/responses/classify.js';
import { loadReplyWords } from '../../libs/responses/reply-words.js';
import { visibleText } from '../../libs/responses/visible-text.js';
import { readReplies } from './replies/replies.js';
import { sameWords } from './replies/same-words.js';

/** Each reply with what is read in its mail, once for both tests: reading takes longer than all they do with it. */
const readAll = async () => {
  const replies = await readReplies();
  return Promise.all(replies.map(async (reply) => ({ ...reply, mail: await readMail(reply.raw, 'ada@example.test') })));
};

describe('the corpus of replies', () => {
  let replies: Awaited<ReturnType<typeof readAll>>;
  beforeAll(async () => {
    replies = await readAll();
  });

  it('is read as its writers wrote it, over twenty clients and more, in ten languages', () => {
    expect(replies.length).toBeGreaterThanOrEqual(400);
    expect(new Set(replies.map(({ client }) => client)).size).toBeGreaterThanOrEqual(22);
    expect(new Set(replies.map(({ language }) => language)).size).toBe(10);

    const misread: string[] = [];
    for (const { client, language, mail, sent, own } of replies) {
      const read = visibleText(mail.body, sent);
      if (!sameWords(read, own)) misread.push(`${client}, ${language}: ${JSON.stringify(own)} was read as ${JSON.stringify(read)}`);
    }
    // All of them are listed where one too many is.
    expect(misread.length <= replies.length * 0.02 ? [] : misread).toEqual([]);
  });

  it('gives no opt-out and no acceptance that its writer’s words alone would not give', async () => {
    const classify = createClassifier(await loadReplyWords(projectFile('config', 'replies')));
    const wrong: string[] = [];
    for (const { client, language, mail, sent, own } of replies) {
      const { body, subject, headers } = mail;
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
