import { channelKinds } from '../../../../libs/channels/table.js';
import { answers } from '../../../../libs/journeys/answers/table.js';
import { taskKinds } from '../../../../libs/responses/task.entity.js';

/** The console's names for channels and answers, declared by each kind. */
export const vocabulary = () => ({
  channels: Object.fromEntries(channelKinds.entries.map(([name, { words }]) => [name, words.called])),
  meanings: Object.fromEntries(answers.entries.flatMap(([name, { meaning }]) => (meaning === undefined ? [] : [[name, meaning.called]]))),
  tasks: taskKinds(),
});
