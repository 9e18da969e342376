import { pino } from 'pino';
import { redaction } from './log.js';

describe('the log', () => {
  it('contains no personal data, and not the row that a database error was about', () => {
    const lines: string[] = [];
    const log = pino({ redact: redaction }, { write: (line: string) => void lines.push(line) });
    const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (address)=(ada@example.com) already exists.' });
    log.error({ err: error, to: 'ada@example.com', customer: { name: 'Ada' } }, 'failed');
    expect(lines.join('')).toMatch('23505');
    expect(lines.join('')).not.toMatch(/ada@|"Ada"/);
  });
});
