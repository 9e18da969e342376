import { readFeedbackReport } from './complaint-report.js';
import { readDeliveryReport } from './delivery-report.js';
import { readFieldGroups } from './inbound-fields.js';

const group = (action: string, status: string, more = ''): string =>
  `Original-Recipient: rfc822; a@b.test\r\nFinal-Recipient: rfc822; a@b.test\r\nAction: ${action}\r\nStatus: ${status}\r\n${more}`;
const about = 'Reporting-MTA: dns; mx.test\r\nArrival-Date: Mon, 2 Mar 2026 12:00:00 +0000\r\n\r\n';

describe('a delivery report', () => {
  it.each([
    [group('failed', '5.1.1'), { status: 'bounced', code: '5.1.1' }],
    [group('FAILED', '5.7.26 (refused)'), { status: 'bounced', code: '5.7.26' }],
    [group('failed', '4.4.7'), { status: 'bounced', code: '4.4.7' }],
    [
      group('failed', '5.0.0', 'Diagnostic-Code: smtp; 550-5.1.1 The account\r\n  does not exist\r\n'),
      { status: 'bounced', code: '5.1.1' },
    ],
    [group('failed', '5.0.0', 'Diagnostic-Code: smtp; 550 no such user\r\n'), { status: 'bounced', code: '550' }],
    [group('failed', ''), { status: 'bounced', code: '5.0.0' }],
    [group('delayed', '4.4.1'), { status: 'delayed' }],
    [group('delivered', '2.1.5'), { status: 'delivered' }],
    [group('relayed', '2.0.0'), { status: 'accepted' }],
    [group('expanded', '2.0.0'), { status: 'accepted' }],
    // One address that stands for two: it arrived.
    [`${group('failed', '5.1.1')}\r\n${group('delivered', '2.0.0')}`, { status: 'delivered' }],
    [`${group('delayed', '4.4.1')}\r\n${group('failed', '5.1.1')}`, { status: 'bounced', code: '5.1.1' }],
    [group('vanished', '5.0.0'), undefined],
    ['', undefined],
  ])('%j', (recipients, outcome) => {
    expect(readDeliveryReport(about + recipients)).toEqual(outcome);
  });
});

describe('a feedback report', () => {
  it('is read whatever case and folds it has', () => {
    expect(
      readFeedbackReport('FEEDBACK-TYPE: Abuse\r\nOriginal-Mail-From:\r\n <b+x@y.test>\r\nOriginal-Rcpt-To: "A" <a@b.test>\r\n'),
    ).toEqual({
      answer: 'complaint',
      mailFrom: 'b+x@y.test',
    });
    expect(readFeedbackReport('')).toEqual({ answer: null, mailFrom: undefined });
  });
});

it('reports are read quickly, however hostile', () => {
  // Microseconds of the processor: what else the machine does takes none of them.
  const start = process.cpuUsage();
  for (const piece of ['\n', '\r\n ', ': ', 'a:', '\n \n', 'Action: failed\n', 'x']) {
    for (const text of [piece.repeat(100_000), `Action: failed\nStatus: 5.0.0\nDiagnostic-Code: ${piece.repeat(100_000)}`]) {
      readFieldGroups(text);
      readDeliveryReport(text);
      readFeedbackReport(text);
    }
  }
  expect(process.cpuUsage(start).user).toBeLessThan(2e6);
});
