import { campaignStates } from './campaign.entity.js';
import { campaignCommands, commandsIn, nextState } from './campaign-states.js';

describe('campaign states', () => {
  it.each([
    ['draft', ['launch', 'cancel']],
    ['live', ['pause', 'cancel', 'complete']],
    ['paused', ['resume', 'cancel', 'complete']],
    ['cancelled', []],
    ['completed', []],
  ] as const)('%s allows %p', (state, commands) => {
    expect(commandsIn(state)).toEqual(commands);
  });

  it('resume returns to the state before the pause', () => {
    expect(nextState(nextState('live', 'pause'), 'resume')).toBe('live');
  });

  it('refuses every command that a state does not allow, and lists the possible ones', () => {
    for (const state of campaignStates) {
      for (const command of campaignCommands.filter((each) => !commandsIn(state).includes(each))) {
        expect(() => nextState(state, command)).toThrow(expect.objectContaining({ kind: 'conflict' }) as Error);
      }
    }
    expect(() => nextState('paused', 'launch')).toThrow(
      expect.objectContaining({ remedy: 'Possible now: resume, cancel, complete.' }) as Error,
    );
  });

  it('can reach every state from draft', () => {
    const reached = new Set(['draft']);
    for (const state of reached) for (const command of commandsIn(state as 'draft')) reached.add(nextState(state as 'draft', command));
    expect([...reached].sort()).toEqual([...campaignStates].sort());
  });
});
