import { CannotCompose } from '../../../libs/channels/contract/cannot-compose.js';
import type { MessageChannel } from '../../../libs/channels/contract/channel.js';
import { classifyError, errorClasses, type ErrorTable } from '../../../libs/channels/contract/provider-errors.js';
import { pagerTemplate } from './template.js';

interface Page {
  readonly to: string;
  readonly line: string;
}

/** Pages go out by HTTP, one request each. */
export function createPagerChannel(url: string, errors: ErrorTable): MessageChannel<Page> {
  return {
    compose: (context) => {
      const line = context.reply?.text ?? context.render(pagerTemplate);
      if (line === undefined) throw new CannotCompose('template', `The template ${context.template} has no line for pagers`);
      return { to: context.address, line };
    },
    send: async (page, mark) => {
      if (!(await mark())) return { kind: 'withheld' };
      try {
        const response = await fetch(url, { method: 'POST', body: JSON.stringify(page) });
        if (response.ok) return { kind: 'accepted', providerId: await response.text() };
        const errorClass = classifyError(errors, String(response.status));
        return { kind: errorClasses[errorClass].outcome, errorClass, errorCode: String(response.status) };
      } catch {
        return { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'no-answer' };
      }
    },
    close: () => Promise.resolve(),
  };
}
