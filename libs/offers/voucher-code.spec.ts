import { newVoucherCode } from './voucher-code.js';

describe('newVoucherCode', () => {
  const codes = Array.from({ length: 2_000 }, newVoucherCode);

  it('uses no characters that are easily confused', () => {
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}(-[2-9A-HJKMNP-TV-Z]{4}){2}$/);
  });

  it('does not repeat itself, and uses the whole alphabet', () => {
    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(30);
  });
});
