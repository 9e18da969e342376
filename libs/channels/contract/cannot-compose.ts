/**
 * A message cannot be composed: nothing of it may be sent.
 * `template`: it cannot be rendered for anybody. All others are about this message only, and no later try helps it.
 * `missing-value`: it would show a value that is not there for this customer. `conversation-over`: WhatsApp takes no free
 * words any more. `malformed-address`: nobody can be written to at this address.
 * The text holds no personal data.
 */
export class CannotCompose extends Error {
  constructor(
    readonly code: 'missing-value' | 'conversation-over' | 'malformed-address' | 'template',
    what: string,
  ) {
    super(what);
    this.name = 'CannotCompose';
  }
}
