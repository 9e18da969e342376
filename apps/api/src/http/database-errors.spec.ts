import { errorOf } from './database-errors.js';

describe('an error of the database', () => {
  it.each([
    ['a character that cannot be stored', { code: '22021' }, 'invalid'],
    ['a deadlock', { code: '40P01' }, 'unavailable'],
    ['a server that shuts down', { code: '57P01' }, 'unavailable'],
    ['a missing server', { code: 'ECONNREFUSED' }, 'unavailable'],
    ['a connection that breaks during a statement', new Error('Connection terminated unexpectedly'), 'unavailable'],
    ['a statement of ours that is wrong', { code: '42601' }, undefined],
    ['a code that every object has', { code: 'constructor' }, undefined],
    ['something else', new Error('no'), undefined],
  ])('%s', (_, error, kind) => {
    expect(errorOf(error)?.kind).toBe(kind);
  });
});
