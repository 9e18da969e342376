import { Initial0001 } from './0001-initial.js';
import { ChannelsAndDesk0002 } from './0002-channels-and-desk.js';
import { RunningProcesses0007 } from './0007-running-processes.js';
import { SessionsAndSlowProviders0011 } from './0011-sessions-and-slow-providers.js';

/** Every migration, oldest first. A migration that has been released is never changed; write the next one. */
export const migrations = [
  { name: '0001-initial', class: Initial0001 },
  { name: '0002-channels-and-desk', class: ChannelsAndDesk0002 },
  { name: '0007-running-processes', class: RunningProcesses0007 },
  { name: '0011-sessions-and-slow-providers', class: SessionsAndSlowProviders0011 },
];
