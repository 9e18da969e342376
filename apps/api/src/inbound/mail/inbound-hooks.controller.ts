import { EntityManager } from '@mikro-orm/postgresql';
import { createHash } from 'node:crypto';
import { Controller, Inject, Optional, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { claimCall, releaseCall, settleCall, type IdempotentCall } from '../../../../../libs/access/idempotency.js';
import { Problem } from '../../../../../libs/platform/problem.js';
import type { Settings } from '../../../../../config/settings.js';
import { SETTINGS } from '../../providers.js';
import type { Incoming, Outside } from '../../../../../libs/responses/mail/providers/inbound-adapter.js';
import { openMailWebhooks, type MailWebhook } from '../../../../../libs/responses/mail/providers/table.js';
import { MailReceiver } from './inbound-pipeline.js';
import { fetchText } from './inbound-fetch.js';
import { longestMail } from '../../../../../libs/responses/mail/reading/read-mail.js';
import { readBody } from '../read-body.js';

/** Where tests replace the outside world. */
export const OUTSIDE = Symbol('Outside');

/** A mail in base64 or with escapes, inside a form. */
const longestHook = 2 * longestMail;
/** Instead of an API key: these calls are identified by their tokens. */
const noKey = '00000000-0000-0000-0000-000000000000';

/** The webhooks of mail providers for incoming mail and events. A webhook that is not configured does not exist. */
@Controller('hooks/mail')
export class InboundHooksController {
  private readonly webhooks: ReadonlyMap<string, MailWebhook>;

  constructor(
    private readonly em: EntityManager,
    private readonly receiver: MailReceiver,
    @Inject(SETTINGS) settings: Settings,
    @Optional() @Inject(OUTSIDE) outside?: Outside,
  ) {
    this.webhooks = openMailWebhooks(settings.mailProviders, outside ?? { now: Date.now, fetchText });
  }

  @Post(':provider')
  async take(@Param('provider') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const known = this.webhooks.get(name);
    if (known === undefined) throw new Problem('not-found', 'There is no such webhook');
    const body = await readBody(request, longestHook);
    const { incoming, onceOnly } = await known.adapter({ body, headers: firstOfEach(request.headers) });
    const act = (): Promise<void> => this.receive(known.provider, incoming);
    await (onceOnly === undefined ? act() : this.once(`${known.provider}:${onceOnly}`, body, act));
    response.status(200).json({});
  }

  private async receive(provider: string, incoming: readonly Incoming[]): Promise<void> {
    for (const one of incoming) {
      if (one.kind === 'mail') await this.receiver.receiveMail(one.enveloped, provider, one.sourceId);
      else if (one.kind === 'delivery') await this.receiver.receiveDelivery(one.clues, one.outcome);
      else await this.receiver.receiveFeedback(one.feedback, one.clues, provider, one.sourceId);
    }
  }

  /** The same call again does nothing; another body under the same key is refused. A failure releases the key for the retry. */
  private async once(key: string, body: Buffer, act: () => Promise<void>): Promise<void> {
    const hash = createHash('sha256').update(body).digest('hex');
    const call: IdempotentCall = { key, apiKeyId: noKey, method: 'POST', path: 'hooks/mail', body: hash };
    const claim = await claimCall(this.em, call);
    if (claim.kind === 'replay') return;
    try {
      await act();
    } catch (error) {
      await releaseCall(this.em, call, claim.fence);
      throw error;
    }
    await settleCall(this.em, call, claim.fence, { status: 200, body: null });
  }
}

function firstOfEach(headers: Request['headers']): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
}
