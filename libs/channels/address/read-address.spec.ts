import fc from 'fast-check';
import { canonicalPhone, lineRules } from './canonical-phone.js';
import { canonicalEmail, providerRules, wireEmail } from './canonical-email.js';
import { cleanId } from './clean-text.js';
import { canonicalAddress } from './hash-address.js';
import { readAddress } from './read-address.js';

describe('an e-mail address, as people and programs write it', () => {
  it.each([
    ['anna&ben@example.com', 'anna&ben@example.com'],
    ["o'neil+news/1=a{b}|c~d@example.co.uk", "o'neil+news/1=a{b}|c~d@example.co.uk"],
    [' Ada@Example.COM ', 'Ada@Example.COM'],
    ['\uFEFFada@exam\u200Bple.com\u00A0', 'ada@example.com'],
    ["'ada@example.com", 'ada@example.com'],
    ['mailto:ada@example.com', 'ada@example.com'],
    ['MAILTO:ada%2Bnews@example.com?subject=Hello', 'ada+news@example.com'],
    ['Ada Berg <ada@example.com>', 'ada@example.com'],
    ['"Berg, Ada" <mailto:ada@example.com>;', 'ada@example.com'],
    ['<ada@example.com>', 'ada@example.com'],
    ['ada@example.com;', 'ada@example.com'],
    ['info@bücher-beispiel.de', 'info@bücher-beispiel.de'],
    ['info@bu\u0308cher-beispiel.de', 'info@bücher-beispiel.de'],
    ['ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
    ['ada@example.com.', 'ada@example.com'],
    ['ada@xn--bcher-beispiel-gsb.de', 'ada@xn--bcher-beispiel-gsb.de'],
    ['почта@пример.рф', { whyNot: 'has a character before the @ that mail servers refuse' }],
    ['pochta@пример.рф', 'pochta@пример.рф'],
  ])('%j', (text, wanted) => {
    expect(readAddress('email', text)).toEqual(typeof wanted === 'string' ? { address: wanted } : wanted);
  });

  it.each([
    'ann@',
    '@example.com',
    'ann',
    'ann@example',
    'a nn@example.com',
    'ann@exa mple.com',
    'ann@example.com/path',
    'ann@[192.0.2.1]',
    'ann@1.2.3.4',
    'ann..b@example.com',
    '.ann@example.com',
    'ann@-example.com',
    'ann@exam_ple.com',
    'write to ann@example.com please',
    `${'a'.repeat(65)}@example.com`,
    'ann@example.com, bob@example.com',
    'A <ann@example.com>, B <bob@example.com>',
    '',
  ])('refuses %j', (text) => {
    expect(readAddress('email', text)).toHaveProperty('whyNot');
  });
});

describe('a phone number, as people and programs write it', () => {
  it.each([
    ["'+447700900201", '+447700900201'],
    ['\u2019+44 7700 900201', '+447700900201'],
    ['\u202A+44 7700 900201\u202C', '+447700900201'],
    ['+44\u00A07700\u2009900\u200B201', '+447700900201'],
    ['tel:+44-7700-900201', '+447700900201'],
    ['whatsapp:+447700900201', '+447700900201'],
    ['00447700900201', '+447700900201'],
    ['00 44 (0)7700 900201', '+447700900201'],
    ['＋４４７７００９００２０１', '+447700900201'],
    ['+44\u20117700\u2013900201', '+447700900201'],
    ['+44.7700.900201', '+447700900201'],
    ['+447700900201.0', '+447700900201'],
    ['+52 1 55 1234 5678', '+5215512345678'],
    ['+54 11 15 2345 6789', '+5491123456789'],
  ])('%j', (text, address) => {
    expect(readAddress('phone', text)).toEqual({ address });
  });

  it.each([
    ['07700 900201', 'GB', '+447700900201'],
    ["'07700900201", 'GB', '+447700900201'],
    ['447700900201.0', 'GB', '+447700900201'],
    ['00 49 171 3920001', 'GB', '+491713920001'],
    ['011 44 7700 900201', 'US', '+447700900201'],
    ['0049 171 3920001', 'US', '+491713920001'],
    ['٠٧٧٠٠٩٠٠٢٠١', 'GB', '+447700900201'],
    ['1 55 1234 5678', 'MX', '+5215512345678'],
    ['11 15 2345 6789', 'AR', '+5491123456789'],
  ] as const)('%j in %s', (text, defaultCountry, address) => {
    expect(readAddress('phone', text, { defaultCountry })).toEqual({ address });
  });

  it.each([
    ['call me at +44 7700 900125 after six', 'is not a phone number'],
    ['+44 7700 900125 (mother)', 'is not a phone number'],
    ['+44 7700 900125 / +44 7700 900126', 'is not a phone number'],
    ['+44 7700 900125, +44 7700 900126', 'is not a phone number'],
    ['+1 800 FLOWERS', 'is not a phone number'],
    ['12', 'is not a phone number with its country, as in +44 20 7946 0958'],
    ['07700 900201', 'is not a phone number with its country, as in +44 20 7946 0958'],
    ['4.47701E+11', 'is not a phone number: a spreadsheet has rounded its digits away'],
    ['4,47701E+11', 'is not a phone number: a spreadsheet has rounded its digits away'],
    ['+44 7700 900125 ext. 12', 'has an extension; a text message cannot reach it'],
    ['+44 7700 900125 x12', 'has an extension; a text message cannot reach it'],
    ['tel:+447700900125;ext=12', 'has an extension; a text message cannot reach it'],
    ['', 'is not a phone number'],
  ])('refuses %j', (text, whyNot) => {
    expect(readAddress('phone', text)).toEqual({ whyNot });
  });
});

describe('one line, in every way to write it', () => {
  it.each([
    ['Mexico', '+525512345678', '+5215512345678'],
    ['Argentina', '+541123456789', '+5491123456789'],
    ['Argentina, with its 15 in Buenos Aires', '+54111512345678', '+5491112345678'],
    ['Argentina, with its 15 in La Plata', '+54221154567890', '+5492214567890'],
    ['Argentina, with its 15 in Bariloche', '+54294415123456', '+5492944123456'],
    ['Argentina, with both', '+549111512345678', '+541112345678'],
    ['Brazil, São Paulo', '+5511987654321', '+551187654321'],
    ['Brazil, Brasília', '+5561987654321', '+556187654321'],
    ['Benin', '+2290197123456', '+22997123456'],
    ['Cameroon', '+237677123456', '+23777123456'],
    ['Ecuador', '+593987654321', '+59387654321'],
    ['Vietnam', '+84321234567', '+841621234567'],
  ])('%s', (_, one, other) => {
    expect(canonicalPhone(other)).toBe(canonicalPhone(one));
  });

  it.each([
    ['a landline of Brazil has eight digits', '+551133334444', '+5511933334444'],
    ['another number', '+525512345678', '+525512345679'],
    ['a short code is not a number of a country', '12345', '+12345'],
  ])('but %s', (_, one, other) => {
    expect(canonicalPhone(other)).not.toBe(canonicalPhone(one));
  });

  it('has a source for every rule, and one canonical form, which does not change again', () => {
    for (const { source } of [...lineRules, ...providerRules]) expect(source.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.constantFrom('52', '54', '55', '229', '237', '593', '84', '44'), fc.stringMatching(/^\d{7,12}$/), (country, rest) => {
        const once = canonicalPhone(`+${country}${rest}`);
        expect(canonicalPhone(once)).toBe(once);
      }),
    );
  });
});

describe('one inbox, in every way to write it', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['info@bücher-beispiel.de', 'INFO@xn--bcher-beispiel-gsb.de'],
    ['info@BÜCHER-beispiel.de', 'info@bücher-beispiel.de'],
    ['Ada.Berg+news@gmail.com', 'adaberg@googlemail.com'],
    ['ada.berg@proton.me', 'adaberg+x@pm.me'],
    ['ada+x@outlook.com', 'ada@outlook.com'],
    ['ada+x@fastmail.com', 'ada@fastmail.com'],
  ])('%s is %s', (one, other) => {
    expect(canonicalEmail(one)).toBe(canonicalEmail(other));
  });

  it.each([
    ['ada.berg@example.com', 'adaberg@example.com'],
    ['ada+x@example.com', 'ada@example.com'],
    ['ada.berg@outlook.com', 'adaberg@outlook.com'],
    ['ada@outlook.com', 'ada@hotmail.com'],
    ['ada.berg@fastmail.com', 'adaberg@fastmail.com'],
  ])('%s is not %s', (one, other) => {
    expect(canonicalEmail(one)).not.toBe(canonicalEmail(other));
  });

  it('is used for sending with its domain in ASCII', () => {
    expect(wireEmail('Info@bücher-beispiel.de')).toBe('Info@xn--bcher-beispiel-gsb.de');
    expect(wireEmail('Ada@Example.com')).toBe('Ada@Example.com');
  });
});

it('reads its own output as the same address, and never throws', () => {
  const given = fc.oneof(fc.string(), fc.emailAddress(), fc.stringMatching(/^\+?[\d ()-]{5,18}$/));
  fc.assert(
    fc.property(fc.constantFrom('email' as const, 'phone' as const), given, (kind, text) => {
      canonicalAddress(kind, text);
      const read = readAddress(kind, text);
      if ('address' in read) {
        expect(readAddress(kind, read.address)).toEqual(read);
        expect(canonicalAddress(kind, text.replace(/^.*[<:]/, ''))).toBeDefined();
      }
    }),
  );
});

describe("another system's id", () => {
  it.each(['n4', ' n4 ', 'n\u200B4', '\uFEFFn4', 'n4\u00AD', 'n4\u00A0', '\u202An4\u202C', 'n\u20604', '\tn4\r\n'])('%j is n4', (text) => {
    expect(cleanId(text)).toBe('n4');
  });
  it.each([
    ['Zoe\u0308', 'Zoë'],
    ["'00123", '00123'],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ['a\u00A0\u2003b', 'a b'],
    ['N4', 'N4'],
  ])('%j is %j', (text, id) => {
    expect(cleanId(text)).toBe(id);
  });
});
