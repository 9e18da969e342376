import { projectFile } from '../platform/project-file.js';
import { createClassifier } from './classify.js';
import { withoutReaction } from './reaction.js';
import { loadReplyWords } from './reply-words.js';

const ours =
  'Example: Thank you for being with us. For you until 16 March: 12 EUR credit. https://x.test/o/1 Reply YES, NO or STOP (no more texts).';

describe('a reaction to a text of ours', () => {
  it.each([
    `Liked “${ours}”`,
    `Loved "${ours}"`,
    `Questioned “${ours}”`,
    `👍 to “${ours}”`,
    `Hat „${ours}“ mit „Gefällt mir“ markiert`,
    `A aimé « ${ours} »`,
    `Le gustó “${ours}”`,
    `Je reageerde op “${ours}”`,
  ])('has none of our words: %j', async (text) => {
    const classify = createClassifier(await loadReplyWords(projectFile('config', 'replies')));
    const { answer } = classify({ channel: 'sms', text: withoutReaction(text) });
    expect(['opt-out', 'accepted']).not.toContain(answer);
  });

  it.each([
    'STOP',
    '"stop" please',
    'You wrote “reply STOP”: so stop',
    `I got “${ours}” from you and I do not want any more of these, so please stop it now`,
  ])('is not seen in the words of a person: %j', (text) => {
    expect(withoutReaction(text)).toBe(text);
  });
});
