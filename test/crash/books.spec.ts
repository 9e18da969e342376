import { drawBooks, type Entry } from './books.js';

const entry = (id: string, given: Partial<Entry>): Entry => ({
  id,
  channel: 'email',
  state: 'accepted',
  errorCode: null,
  settledBy: null,
  seen: 1,
  ...given,
});

describe('the books', () => {
  it('balance if each message was accepted once, or is unknown, or was not found', () => {
    const books = drawBooks([
      entry('sent', {}),
      entry('reported', { state: 'delivered', settledBy: 'report' }),
      entry('taken and unknown', { state: 'unknown' }),
      entry('unknown', { state: 'unknown', seen: 0 }),
      entry('never had', { state: 'rejected', errorCode: 'not-found', settledBy: 'lookup', seen: 0 }),
    ]);
    expect(books).toMatchObject({ lost: [], doubled: [], unknown: ['taken and unknown', 'unknown'] });
    expect(books.channels.get('email')).toEqual({ planned: 5, accepted: 1, delivered: 1, rejected: 1, unknown: 2, taken: 3 });
    expect([...books.settledBy]).toEqual([
      ['report', 1],
      ['lookup', 1],
    ]);
  });

  it.each<[string, Partial<Entry>]>([
    ['accepted and never taken', { seen: 0 }],
    ['delivered and never taken', { state: 'delivered', seen: 0 }],
    ['planned still', { state: 'planned', seen: 0 }],
    ['in hand still', { state: 'submitting', seen: 0 }],
    ['rejected for no reason that exists here', { state: 'rejected', errorCode: 'compose', seen: 0 }],
  ])('miss one that is %s', (id, given) => {
    expect(drawBooks([entry(id, given)]).lost).toEqual([id]);
  });

  it.each<[string, Partial<Entry>]>([
    ['taken twice', { seen: 2 }],
    ['taken twice and unknown', { state: 'unknown', seen: 2 }],
    ['taken and called not found', { state: 'rejected', errorCode: 'not-found' }],
  ])('find one that is %s', (id, given) => {
    expect(drawBooks([entry(id, given)]).doubled).toEqual([id]);
  });
});
