import { decodeCursor, encodeCursor, pageOf } from './cursor.js';
import { newId } from './ids.js';

describe('a cursor', () => {
  it('leads back to the id it was made of', () => {
    const id = newId();
    expect(decodeCursor(encodeCursor(id))).toBe(id);
  });

  it.each(['', 'x', '../../etc', Buffer.from("' or 1=1").toString('base64url')])('is refused where it was not made here: %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow('Invalid cursor');
  });

  it('is given with a page that another follows, and only then', () => {
    const ids = [newId(), newId(), newId()];
    const [first, second] = ids;
    expect(pageOf(ids, 2, (id) => id)).toEqual({ items: [first, second], next: encodeCursor(second ?? '') });
    expect(pageOf(ids, 3, (id) => id)).toEqual({ items: ids, next: null });
    expect(pageOf([], 3, String)).toEqual({ items: [], next: null });
  });
});
