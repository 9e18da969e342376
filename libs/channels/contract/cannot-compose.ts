/**
 * A message cannot be composed, so nothing may be sent. `template`: it cannot be rendered for anybody. All other codes are about this
 * message only, and a retry does not help. `missing-value`: it would show a value that this customer does not have. `conversation-over`:
 * WhatsApp no longer accepts free text. `malformed-address`: the address cannot be written to. The text contains no personal data.
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
