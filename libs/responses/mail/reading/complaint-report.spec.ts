import { readComplaint, readFeedbackReport } from './complaint-report.js';

it('a feedback report is read whatever case and folds it has', () => {
  expect(
    readFeedbackReport('FEEDBACK-TYPE: Abuse\r\nOriginal-Mail-From:\r\n <b+x@y.test>\r\nOriginal-Rcpt-To: "A" <a@b.test>\r\n'),
  ).toEqual({
    answer: 'complaint',
    mailFrom: 'b+x@y.test',
  });
  expect(readFeedbackReport('Feedback-Type: "abuse" (spam button)\r\n').answer).toBe('complaint');
  expect(readFeedbackReport('')).toEqual({ answer: null, mailFrom: undefined });
});

it('a complaint is read quickly, however hostile', () => {
  const start = process.cpuUsage();
  for (const piece of ['re: ', 'a', 'a ', '-', 'feedback-type:', '\n', 'Feedback-Type: abuse\n']) {
    const many = piece.repeat(100_000);
    readFeedbackReport(many);
    readComplaint(
      {
        subject: many,
        headers: { 'x-arf': many },
        report: { deliveryStatus: undefined, feedback: undefined, returned: undefined, traces: many },
      },
      'role',
    );
  }
  expect(process.cpuUsage(start).user).toBeLessThan(2e6);
});
