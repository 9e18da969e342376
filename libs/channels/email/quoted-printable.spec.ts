import fc from 'fast-check';
import { quotedPrintable } from './quoted-printable.js';

/** A simple decoder from RFC 2045, 6.7. */
function decode(written: string): string {
  const bytes = written.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('quoted-printable', () => {
  const units = fc.constantFrom('=', '=3D', ' ', '\t', '.', 'a', 'offer', '41', '?', '~', '\n', '\n.', 'ü', '😀');
  const pieces = fc.array(
    fc.array(units, { maxLength: 60 }).map((all) => all.join('')),
    { maxLength: 6 },
  );

  it('decodes to the original text, in lines that no server changes, for new and cached pieces', () => {
    fc.assert(
      fc.property(pieces, (given) => {
        const written = quotedPrintable(given);
        expect(decode(written)).toBe(given.join('').replaceAll('\n', '\r\n'));
        for (const line of written.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).not.toMatch(/^\.|[ \t]$|[^\t -~]/);
        }
        expect(quotedPrintable(given)).toBe(written);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['https://perennial.test/o/1?a=b&c=3D', 'ends with a blank ', `${'x'.repeat(200)}=`, 'x'.repeat(77), '.'.repeat(160)])(
    'keeps a piece with only ASCII: %j',
    (piece) => {
      const written = quotedPrintable([piece, piece]);
      expect(decode(written)).toBe(piece + piece);
      expect(Math.max(...written.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
      expect(written.split('\r\n').filter((line) => /^\.|[ \t]$/.test(line))).toEqual([]);
    },
  );
});
