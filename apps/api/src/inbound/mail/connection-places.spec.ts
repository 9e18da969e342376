import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { ConnectionPlaces } from './connection-places.js';

let port = 0;
const from = (remoteAddress: string): Socket =>
  Object.assign(new EventEmitter(), { remoteAddress, remotePort: (port += 1), bytesRead: 0 }) as unknown as Socket;

describe('the places of a server', () => {
  it('count an IPv6 network as one address, and IPv4 in every way to write it', () => {
    const places = new ConnectionPlaces({ most: 100, perAddress: 1 });
    const first = from('2001:db8:0:1::5');
    expect(places.enter(first)).toBeUndefined();
    expect(places.enter(from('2001:db8:0:2::5'))).toBeUndefined();
    expect(places.enter(from('2001:db8:0:1:ffff:ffff:ffff:ffff'))).toBe(first);
    const old = from('192.0.2.1');
    expect(places.enter(old)).toBeUndefined();
    expect(places.enter(from('::ffff:192.0.2.1'))).toBe(old);
  });

  it('are taken from the client that was idle longest, and free again when a connection closes', () => {
    const places = new ConnectionPlaces({ most: 2, perAddress: 2 });
    const [busy, quiet, next, last] = [from('192.0.2.1'), from('192.0.2.2'), from('192.0.2.3'), from('192.0.2.4')];
    places.enter(busy);
    places.enter(quiet);
    Object.assign(busy, { bytesRead: 10 });
    expect(places.enter(next)).toBe(quiet);
    next.emit('close');
    expect(places.enter(last)).toBeUndefined();
  });

  it('are kept by clients that named one of our addresses: then the new connection is closed', () => {
    const places = new ConnectionPlaces({ most: 1, perAddress: 1 });
    const known = from('192.0.2.1');
    places.enter(known);
    places.nowKnown('192.0.2.1', known.remotePort ?? 0);
    const newcomer = from('192.0.2.2');
    expect(places.enter(newcomer)).toBe(newcomer);
  });

  it('are taken even from those, the longest idle first, if they say nothing for long and no other is left', () => {
    const clock = jest.spyOn(performance, 'now');
    try {
      const places = new ConnectionPlaces({ most: 2, perAddress: 2 });
      const [quiet, busy] = [from('192.0.2.1'), from('192.0.2.2')];
      clock.mockReturnValue(0);
      for (const each of [quiet, busy]) {
        places.enter(each);
        places.nowKnown(each.remoteAddress ?? '', each.remotePort ?? 0);
      }
      clock.mockReturnValue(9_000);
      Object.assign(busy, { bytesRead: 10 });
      const early = from('192.0.2.3');
      expect(places.enter(early)).toBe(early);
      clock.mockReturnValue(11_000);
      expect(places.enter(from('192.0.2.4'))).toBe(quiet);
    } finally {
      clock.mockRestore();
    }
  });
});
