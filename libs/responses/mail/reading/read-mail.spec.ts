import { readMail } from './read-mail.js';

/** Microseconds of the processor since then: what else the machine does takes none of them. */
const workSince = (start: NodeJS.CpuUsage): number => process.cpuUsage(start).user;

describe('a mail', () => {
  it('is known by its Message-ID, or else by all of it', async () => {
    const of = async (raw: string): Promise<string> => (await readMail(Buffer.from(raw), 'a@b.test')).id;
    expect(await of('Message-ID: <1@x>\r\n\r\nyes')).toBe(await of('Message-ID: <1@x>\r\n\r\nno'));
    expect(await of('Message-ID: <1@x>\r\n\r\nyes')).not.toBe(await of('Message-ID: <2@x>\r\n\r\nyes'));
    expect(await of('Subject: a\r\n\r\nyes')).toMatch(/^[0-9a-f]{64}$/);
    expect(await of('Subject: a\r\n\r\nyes')).not.toBe(await of('Subject: a\r\n\r\nno'));
  });

  it('is read quickly, however many lines, headers and parts it has', async () => {
    const report = 'Content-Type: multipart/report; boundary=z\r\n\r\n--z\r\nContent-Type: message/delivery-status\r\n\r\n';
    const mails = [
      `\r\nyes${'\n> a'.repeat(1_000_000)}`,
      `Content-Type: text/plain; format=flowed\r\n\r\n${'a \r\n'.repeat(1_000_000)}`,
      `${report}${'Action: failed\r\n\r\n'.repeat(200_000)}`,
      `Subject: ${'\t'.repeat(1_000_000)}x\r\n\r\nno`,
      `To: ${'a:'.repeat(500_000)}\r\n\r\nhi`,
      `Content-Type: multipart/mixed; boundary=q\r\n\r\n${'--q\r\nContent-Type: text/plain\r\n\r\npart\r\n'.repeat(50_000)}`,
    ];
    for (const mail of mails) {
      const works: number[] = [];
      for (let time = 0; time < 3; time++) {
        const start = process.cpuUsage();
        await readMail(Buffer.from(mail), '').catch(() => undefined);
        works.push(workSince(start));
      }
      // The least of them: clearing away what other specs left is none of this work.
      expect(Math.min(...works)).toBeLessThan(1.5e6);
    }
  });

  it.each([
    ['flowing lines', '; format=flowed; delsp=yes', 'a \r\n', 1],
    ['introductions', '', 'On Mon, Example wrote:\r\n', 1],
    ['headers', '', 'From: a\r\nSent: b\r\n', 2],
  ] as const)('costs no more with 19,000 %s than with 5,000', async (_, more, piece, lines) => {
    const least = async (count: number): Promise<number> => {
      const works: number[] = [];
      const raw = Buffer.from(`Content-Type: text/plain${more}\r\n\r\n${piece.repeat(count / lines)}`);
      for (let time = 0; time < 5; time++) {
        const start = process.cpuUsage();
        await readMail(raw, '');
        works.push(workSince(start));
      }
      return Math.min(...works);
    };
    await least(5_000);
    expect((await least(19_000)) / (await least(5_000))).toBeLessThan(2);
  });

  it('has its flowing lines joined within a quote, never across its end', async () => {
    const of = async (body: string, more = ''): Promise<string> =>
      (await readMail(Buffer.from(`Content-Type: text/plain; format=flowed${more}\r\n\r\n${body}`), '')).text.trimEnd();
    expect(await of('one \r\ntwo\r\n> quoted \r\n> on \r\nStop \r\nnow\r\n-- \r\nAda')).toBe('one two\n> quoted on \nStop now\n-- \nAda');
    expect(await of('Donau \r\ndampfer\r\n>> a \r\n> b', '; delsp=yes')).toBe('Donaudampfer\n>> a\n> b');
  });

  it('says what it says before a large attachment', async () => {
    const raw = [
      'Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nyes please\r\n',
      `--q\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'A'.repeat(76)}\r\n`.repeat(60_000)}--q--`,
    ];
    expect((await readMail(Buffer.from(raw.join('')), 'a@b.test')).text.trim()).toBe('yes please');
  });

  it('has an id that the database takes, whatever the header says', async () => {
    const { id } = await readMail(Buffer.from(`Message-ID: <\0${'1'.repeat(900)}@x>\r\n\r\nyes`), '');
    expect(id).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says once what a header says twice: the first is the last that a server added', async () => {
    const { headers } = await readMail(Buffer.from('Auto-Submitted: auto-replied\r\nAuto-Submitted: no\r\n\r\nyes'), '');
    expect(headers['auto-submitted']).toBe('auto-replied');
  });

  it('keeps the sender of its envelope, whatever its headers say', async () => {
    const { headers } = await readMail(Buffer.from('Return-Path: <someone@x.test>\r\n\r\nyes'), '');
    expect(headers['return-path']).toBe('<>');
  });
});
