import { isIPv6, type Socket } from 'node:net';

export interface PlaceLimits {
  /** The most connections at once. */
  readonly most: number;
  /** The most of them from one address (a /64 of IPv6 counts as one). */
  readonly perAddress: number;
}

/** Real milliseconds in which a client that named one of our addresses has to continue; otherwise it counts as idle. */
const goesOnWithin = 10_000;

interface Place {
  readonly socket: Socket;
  readonly address: string;
  /** The number of bytes that it has sent, and since when (performance.now()) it has sent no more. */
  bytes: number;
  since: number;
  /** It named one of our addresses, which nobody can guess. */
  known: boolean;
}

/**
 * Distributes a server's connections, so that idle clients cannot block others. If there is no place left, the client that was idle longest
 * is closed. A client that named one of our addresses keeps its place while it continues, and is closed last.
 */
export class ConnectionPlaces {
  private readonly places = new Map<string, Place>();

  constructor(private readonly limits: PlaceLimits) {}

  /** Gives a new connection its place. @returns the connection that must be closed for it: another, the new one itself, or none */
  enter(socket: Socket): Socket | undefined {
    const key = keyOf(socket.remoteAddress, socket.remotePort);
    const address = networkOf(socket.remoteAddress ?? '');
    const others = [...this.places.values()];
    const neighbours = others.filter((place) => place.address === address);
    const full = neighbours.length >= this.limits.perAddress ? neighbours : others.length >= this.limits.most ? others : undefined;
    const leaving = full === undefined ? undefined : quietest(full);
    if (full !== undefined && leaving === undefined) return socket;
    if (leaving !== undefined) this.places.delete(keyOf(leaving.socket.remoteAddress, leaving.socket.remotePort));
    const place: Place = { socket, address, bytes: 0, since: performance.now(), known: false };
    this.places.set(key, place);
    socket.once('close', () => {
      if (this.places.get(key) === place) this.places.delete(key);
    });
    return leaving?.socket;
  }

  /** The client named one of our addresses, which nobody can guess. */
  nowKnown(remoteAddress: string, remotePort: number): void {
    const place = this.places.get(keyOf(remoteAddress, remotePort));
    if (place !== undefined) place.known = true;
  }
}

function quietest(places: readonly Place[]): Place | undefined {
  const now = performance.now();
  for (const place of places) {
    if (place.socket.bytesRead === place.bytes) continue;
    place.bytes = place.socket.bytesRead;
    place.since = now;
  }
  const waiting = places.filter(({ known }) => !known);
  return longestQuiet(waiting) ?? longestQuiet(places.filter(({ since }) => now - since > goesOnWithin));
}

function longestQuiet(places: readonly Place[]): Place | undefined {
  return places.reduce<Place | undefined>((least, place) => (least !== undefined && least.since <= place.since ? least : place), undefined);
}

const plain = (address = ''): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
const keyOf = (address: string | undefined, port: number | undefined): string => `${plain(address)} ${port}`;

function networkOf(written: string): string {
  const address = plain(written);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const filled =
    tail === undefined ? groups : [...groups, ...Array.from({ length: 8 - groups.length - after.length }, () => '0'), ...after];
  return filled.slice(0, 4).join(':');
}
