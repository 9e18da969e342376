import { useSyncExternalStore } from 'react';
import { request } from './client.js';

/** `opening`: a key from the address is being tried. `open` is assumed until the API answers 401. */
export type Session = 'opening' | 'open' | 'closed';

let current: Session = 'open';
const listeners = new Set<() => void>();

function change(next: Session): void {
  if (current === next) return;
  current = next;
  for (const listener of listeners) listener();
}

export const useSession = (): Session =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );

/** Called whenever the API answers that nobody is signed in. */
export const sessionEnded = (): void => {
  if (current === 'open') change('closed');
};

/** @throws ApiProblem if the key is not known */
export async function signIn(key: string): Promise<void> {
  await request('POST', '/session', { key });
  change('open');
}

export async function signOut(): Promise<void> {
  await request('DELETE', '/session');
  change('closed');
}

/** Signs in with `#key=...` of the address, once, and removes the key from the address and its history entry. */
export function signInFromAddress(): void {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null || key === '') return;
  history.replaceState(history.state, '', location.pathname + location.search);
  change('opening');
  signIn(key).catch(() => {
    change('closed');
  });
}
