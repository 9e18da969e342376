import { v7, validate, version } from 'uuid';

/** A new UUIDv7: unique, and ordered by the time when it was made, which keeps indexes compact. */
export function newId(): string {
  return v7();
}

/** True for any UUID of version 7 in its canonical form. */
export function isId(value: string): boolean {
  return validate(value) && version(value) === 7;
}
