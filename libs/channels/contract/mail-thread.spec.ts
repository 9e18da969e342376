import fc from 'fast-check';
import { readThread, replyHeaders } from './mail-thread.js';

describe('the thread of a mail', () => {
  it('is continued by a reply: its id, the earlier ids, and its subject', () => {
    const thread = readThread({ 'message-id': ' <b@mail.example> ', references: '<a@x>\r\n <m@ours>' }, 'Re: Something for you');
    expect(replyHeaders(thread, '<m@ours>', 'Example')).toEqual({
      subject: 'Re: Something for you',
      headers: { 'In-Reply-To': '<b@mail.example>', References: '<a@x> <m@ours> <b@mail.example>' },
    });
  });

  it.each([
    ['AW: Re: Angebot', 'Re: Angebot'],
    ['RE[2]: RE: x', 'Re: x'],
    ['SV: x', 'Re: x'],
    ['回复：优惠', 'Re: 优惠'],
    ['Regarding: x', 'Re: Regarding: x'],
    ['', 'Re: Example'],
    ['re:', 'Re: Example'],
    ['a\r\nBcc: b@c.d', 'Re: a Bcc: b@c.d'],
  ])('the reply to %j has the subject %j', (subject, answered) => {
    expect(replyHeaders(readThread({}, subject), null, 'Example').subject).toBe(answered);
  });

  it('without its own ids is continued from our mail', () => {
    expect(replyHeaders(readThread({}, 'x'), '<m@ours>', 'E').headers).toEqual({ 'In-Reply-To': '<m@ours>', References: '<m@ours>' });
    expect(replyHeaders(null, null, 'E')).toEqual({ subject: 'Re: E', headers: {} });
  });

  it('never breaks out of a header or makes one too long, for any mail', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '@', 'a', ' ', '\r', '\n', 'ü', '\0', ','), maxLength: 3_000 }),
        fc.string(),
        (ids, subject) => {
          const thread = readThread({ 'message-id': ids, references: ids, 'in-reply-to': ids }, subject);
          const reply = replyHeaders(thread, null, 'E');
          for (const value of [reply.subject, ...Object.values(reply.headers)]) {
            expect(value).not.toMatch(/[\r\n\0]/);
            expect(value.length).toBeLessThan(980);
          }
          for (const value of Object.values(reply.headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
        },
      ),
    );
  });
});
