/**
 * A message cannot be composed as its template stands: nothing of it may be sent.
 * `missing-value`: it would show a value that is not there for this customer. `template`: it cannot be rendered for anybody.
 * The text holds no personal data.
 */
export class CannotCompose extends Error {
  constructor(
    readonly code: 'missing-value' | 'template',
    what: string,
  ) {
    super(what);
    this.name = 'CannotCompose';
  }
}
