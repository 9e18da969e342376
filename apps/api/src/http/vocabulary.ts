import { channelKinds } from '../../../../libs/channels/table.js';
import { answers } from '../../../../libs/journeys/answers/table.js';
import { taskKinds } from '../../../../libs/responses/task.entity.js';

/** What the console calls the channels and answers that there are: each kind says it itself. */
export const vocabulary = () => ({
  channels: Object.fromEntries(channelKinds.entries.map(([name, { words }]) => [name, words.called])),
  meanings: Object.fromEntries(answers.entries.flatMap(([name, { meaning }]) => (meaning === undefined ? [] : [[name, meaning.called]]))),
  tasks: taskKinds(),
});
