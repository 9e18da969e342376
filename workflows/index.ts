/** What the worker serves: Temporal finds a workflow by the name under which it stands here. */
export { campaign } from './campaign.js';
export { journey } from './journey.js';
export { sweep } from './sweep.js';
