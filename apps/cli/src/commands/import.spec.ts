import { describeContacts } from './import.js';

describe('the summary of an import', () => {
  const contacts = {
    addressesAdded: 3,
    addressesChanged: 1,
    consentsGranted: 3,
    consentsWithdrawn: 0,
    grantsBlocked: 0,
    grantsPassedOver: 0,
  };

  it('does not count a consent as usable if the address may not be written to', () => {
    expect(describeContacts(contacts)).toBe('3 addresses added, 1 changed; 3 consents granted, 0 withdrawn');
    expect(describeContacts({ ...contacts, grantsBlocked: 2, grantsPassedOver: 1 })).toMatch(
      /^3 addresses added, 1 changed; 3 consents granted, 0 withdrawn; 2 of those granted cannot be used: .*an erasure.*; 1 ignored: /,
    );
  });
});
