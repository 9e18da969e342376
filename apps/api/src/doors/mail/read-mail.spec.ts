import { readMail, textOf } from './read-mail.js';

describe('the words of an HTML mail', () => {
  it.each([
    ['<p>Yes&nbsp;please &#x1F44D;</p><blockquote>STOP</blockquote>', 'Yes please 👍'],
    ['<div>Ja</div><div class="gmail_quote gmail_quote_container"><div>STOP</div></div>', 'Ja'],
    ['No<br><hr><div id="divRplyFwdMsg">From: us</div>STOP', 'No'],
    ['<style>p{}</style><title>STOP</title>a &lt; b', 'a < b'],
    ['they call it gmail_quote', 'they call it gmail_quote'],
    ['<blockquote>never closed STOP', ''],
  ])('%j', (markup, text) => {
    expect(textOf(markup)).toBe(text);
  });

  it('are found quickly in hostile markup', () => {
    const pieces = ['<', '<a class=', '<a', '<style>', '<blockquote', '&#', 'gmail_quote', '</style '];
    const start = performance.now();
    for (const piece of pieces) textOf(piece.repeat(100_000));
    textOf(`<a ${'class='.repeat(20_000)}`);
    textOf(`<${'a'.repeat(100_000)}`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('a mail', () => {
  it('is known by its Message-ID, or else by all of it', async () => {
    const of = async (raw: string): Promise<string> => (await readMail(Buffer.from(raw), 'a@b.test')).id;
    expect(await of('Message-ID: <1@x>\r\n\r\nyes')).toBe('<1@x>');
    expect(await of('Subject: a\r\n\r\nyes')).toMatch(/^[0-9a-f]{64}$/);
    expect(await of('Subject: a\r\n\r\nyes')).not.toBe(await of('Subject: a\r\n\r\nno'));
  });

  it('keeps the sender of its envelope, whatever its headers say', async () => {
    const { headers } = await readMail(Buffer.from('Return-Path: <someone@x.test>\r\n\r\nyes'), '');
    expect(headers['return-path']).toBe('<>');
  });
});
