/** What the worker serves: Temporal finds a workflow by its name here. */
export { campaign } from './campaign.js';
export { journey } from './journey.js';
