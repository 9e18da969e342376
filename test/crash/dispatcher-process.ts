import { start } from '../../apps/dispatcher/src/main.js';
import { readSettings } from '../../config/settings.js';
import type { AtBoundary } from '../../libs/messaging/ledger/ledger-boundary.js';
import type { Aim } from './schedule.js';

/**
 * A dispatcher that waits for a start message, and kills itself like a power cut at the configured point. The word is a message `{ aim?:
 * Aim }`; what it says of itself is `ready`.
 */
process.once('message', ({ aim }: { readonly aim?: Aim }) => {
  const running = start(readSettings(process.env), { atBoundary: killAt(aim) });
  // It may be asked to close before it is up.
  process.once('SIGTERM', () => void running.then((dispatcher) => dispatcher.close()).then(() => process.exit(0)));
});
process.once('disconnect', () => process.exit(1));
process.send?.('ready');

function killAt(aim: Aim | undefined): AtBoundary {
  let left = aim?.nth ?? Infinity;
  return (boundary, channel) => {
    if (aim === undefined || boundary !== aim.boundary || channel !== aim.channel) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
