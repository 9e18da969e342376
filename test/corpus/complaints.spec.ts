import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { readComplaint } from '../../libs/responses/mail/reading/complaint-report.js';
import { findReported } from '../../libs/responses/mail/which-message/inbound-clues.js';
import { readMail, type IncomingMail } from '../../libs/responses/mail/reading/read-mail.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { createTokens } from '../../libs/platform/tokens.js';
import { testSecret } from '../harness/factories.js';

const forms = z.array(z.strictObject({ name: z.string(), wanted: z.enum(['complaint', 'opt-out', 'none', 'unread']), form: z.string() }));
const cases = forms.parse(parse(await readFile(projectFile('test', 'corpus', 'complaints', 'forms.yaml'), 'utf8')));

const domain = 'replies.example.test';
const messageId = '01950000-0000-7000-8000-000000000000';
const mailOf = (form: string, id: string): Promise<IncomingMail> =>
  readMail(Buffer.from(form.replace('{original}', `Message-ID: <${id}@${domain}>\nFrom: offers@example.test\n\nHello`)), '');

describe('a complaint', () => {
  it.each(cases)('that is $name: $wanted', async ({ wanted, form }) => {
    const mail = await mailOf(form, messageId);
    const complaint = readComplaint(mail, 'role');
    expect(complaint === undefined ? 'unread' : (complaint.answer ?? 'none')).toBe(wanted);
    if (wanted === 'unread') return;
    const { returned: headers, traces } = mail.report;
    const reported = (given: IncomingMail): string | undefined =>
      findReported({ addresses: [], headers: given.report.returned, traces: given.report.traces }, domain, createTokens(testSecret));
    expect(headers === undefined && traces === '').toBe(false);
    expect(reported(mail)).toBe(messageId);
    expect(reported(await mailOf(form, 'somebody-elses'))).toBeUndefined();
  });
});
