import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import twilio from 'twilio';
import { twilioChannels } from '../../../../../libs/channels/twilio-address.js';
import { twilioStatuses } from '../../../../../libs/channels/twilio/statuses.js';
import { optOutAtProvider } from '../../../../../libs/consent/opt-out.js';
import { recordDelivery } from '../../../../../libs/messaging/ledger/ledger.js';
import { retriedTransaction } from '../../../../../libs/persistence/retried.js';
import { isId } from '../../../../../libs/platform/ids.js';
import { Problem } from '../../../../../libs/platform/problem.js';
import { hashAddress, phoneLine } from '../../../../../libs/channels/address/hash-address.js';
import { answerBack } from '../../../../../libs/responses/answer-back.js';
import { receiveResponse } from '../../../../../libs/responses/receive.js';
import { withoutReaction } from '../../../../../libs/responses/reaction.js';
import type { Clock } from '../../../../../libs/platform/clock.js';
import type { Logger } from '../../../../../libs/platform/log.js';
import type { Settings } from '../../../../../config/settings.js';
import { CLOCK, LOG, SETTINGS } from '../../providers.js';
import { parseForm, type Form } from '../form.js';
import { readBody } from '../read-body.js';
import { answerText } from './answer-texts.js';
import { PublishedContent } from '../../../../../libs/publishing/published-content.js';
import { isAnsweredByTwilio, readInboundText, readStatus, verifySigned } from './twilio-form.js';

/** The webhooks of Twilio for incoming texts and WhatsApp messages, and for the state of ours. */
@Controller('hooks/twilio')
export class TwilioController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
    private readonly content: PublishedContent,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Post('inbound')
  async inbound(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = await this.signedForm(request, '/hooks/twilio/inbound');
    const text = readInboundText(form);
    if (text === undefined) {
      this.log.warn({ from: form.get('From')?.split(':')[0] }, 'a message on a channel that is not answered here');
      sendTwiml(response, []);
      return;
    }
    const { channel, number } = text.From;
    const addressHash = hashAddress(this.settings.secret, channel, number);
    const received = await receiveResponse(
      this.em,
      {
        source: 'twilio',
        sourceId: text.MessageSid,
        channel,
        by: { addressHash },
        line: phoneLine(this.settings.secret, number),
        said: (language) =>
          this.content.latest.classify({
            channel,
            text: withoutReaction(text.Body),
            language,
            carrierSaysStop: text.OptOutType === 'STOP',
          }),
        text: text.Body,
      },
      this.clock.now(),
    );
    this.log.info({ response: received.responseId, answer: received.answer, repeated: received.repeated }, 'text received');
    const back = isAnsweredByTwilio(text, this.settings.twilio?.answersHelp === true)
      ? null
      : await answerBack(this.em, received, addressHash, this.clock.now());
    if (back !== null) this.log.info({ response: received.responseId, back: back.kind }, 'text answered');
    sendTwiml(response, back === null ? [] : [answerText(back, this.settings.company)]);
  }

  @Post('status')
  async status(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = await this.signedForm(request, '/hooks/twilio/status');
    const report = readStatus(form);
    const status = twilioStatuses.get(report.MessageStatus);
    const messageId = queryOf(request).get('message');
    if (status !== undefined) {
      const now = this.clock.now();
      await retriedTransaction(this.em, 5, (tx) =>
        recordDelivery(
          tx,
          {
            channels: twilioChannels(),
            providerId: report.MessageSid,
            messageId: messageId !== null && isId(messageId) ? messageId : null,
            status,
            errorCode: report.ErrorCode ?? null,
            now,
          },
          optOutAtProvider,
        ),
      );
    }
    sendTwiml(response, []);
  }

  private async signedForm(request: Request, path: string): Promise<Form> {
    const { twilio, http } = this.settings;
    if (twilio === undefined)
      throw new Problem('not-found', 'There is no such webhook', [], 'Set PERENNIAL_TWILIO_ACCOUNT_SID to turn it on');
    const form = parseForm(await readBody(request));
    // The query exactly as it came: it is part of the signed text.
    const query = request.originalUrl.split('?').slice(1).join('?');
    verifySigned(
      { ...twilio, publicUrl: http.publicUrl },
      request.get('x-twilio-signature'),
      query === '' ? path : `${path}?${query}`,
      form,
    );
    return form;
  }
}

function queryOf(request: Request): URLSearchParams {
  return new URL(request.originalUrl, 'http://webhook').searchParams;
}

/** @param texts that Twilio sends back to the sender */
function sendTwiml(response: Response, texts: readonly string[]): void {
  const twiml = new twilio.twiml.MessagingResponse();
  for (const text of texts) twiml.message(text);
  response.status(200).type('text/xml').send(twiml.toString());
}
