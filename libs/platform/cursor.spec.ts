import { decodeCursor, encodeCursor, pageOf } from './cursor.js';
import { newId } from './ids.js';

describe('a cursor', () => {
  it('can be decoded to the id that it was made from', () => {
    const id = newId();
    expect(decodeCursor(encodeCursor(id))).toBe(id);
  });

  it.each(['', 'x', '../../etc', Buffer.from("' or 1=1").toString('base64url')])('is refused if this API did not make it: %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow('Invalid cursor');
  });

  it('is given only with a page that is followed by another', () => {
    const ids = [newId(), newId(), newId()];
    const [first, second] = ids;
    expect(pageOf(ids, 2, (id) => id)).toEqual({ items: [first, second], next: encodeCursor(second ?? '') });
    expect(pageOf(ids, 3, (id) => id)).toEqual({ items: ids, next: null });
    expect(pageOf([], 3, String)).toEqual({ items: [], next: null });
  });
});
