import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Settings } from '../../../../config/settings.js';
import { channelsSetUp } from '../../../../libs/channels/set-up.js';
import type { PolicyTables } from '../../../../libs/messaging/contact-policy/policy-tables.js';
import { requestMessage } from '../../../../libs/messaging/planning/message-requests.js';
import { policyInForce } from '../../../../libs/publishing/policy.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { offerByReference } from '../../../../libs/offers/offer-by-reference.js';
import { retriedTransaction } from '../../../../libs/persistence/retried.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { Answers, Takes } from '../http/answers.js';
import { IdPipe } from '../http/validation.pipe.js';
import { CLOCK, SETTINGS } from '../providers.js';
import {
  contactExamples,
  messageBody,
  type MessageBody,
  offerAnswer,
  offerBody,
  type OfferBody,
  requestOut,
} from './customer-contacts.schemas.js';

/** Messages and offers to one customer outside of a campaign; because of its reference, each is made only once, however often it is requested. */
@ApiTags('customers')
@Controller('v1/customers/:id')
export class CustomerContactsController {
  private readonly policy: () => PolicyTables;

  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    content: PublishedContent,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.policy = policyInForce(content, channelsSetUp(settings));
  }

  @Post('messages')
  @ApiOperation({ summary: 'Requests a message outside of a campaign: the contact policy plans it now, defers it, or blocks it' })
  @Takes(messageBody, contactExamples.messageBody)
  @Answers(200, requestOut, contactExamples.request, [400, 404, 409])
  async message(@Param('id', IdPipe) customerId: string, @Body({ schema: messageBody }) body: MessageBody, @CalledBy() { keyId }: Caller) {
    const { reference, template, purpose, channel, offer = null, endsAt = null } = body;
    const wanted = { customerId, reference, template, purpose, channel, offerId: offer, endsAt, by: `api-key:${keyId}` };
    return retriedTransaction(this.em, 5, (tx) => requestMessage(tx, wanted, this.policy(), this.clock.now()));
  }

  @Post('offers')
  @ApiOperation({ summary: 'Chooses among treatments, or takes one, and issues it as an offer outside of a campaign' })
  @Takes(offerBody, contactExamples.offerBody)
  @Answers(200, offerAnswer, contactExamples.offer, [400, 404, 409])
  async offer(@Param('id', IdPipe) customerId: string, @Body({ schema: offerBody }) body: OfferBody) {
    const { reference, from, treatment, budgetOf = null } = body;
    const choice = treatment === undefined ? { from: from ?? [] } : { treatment };
    return retriedTransaction(this.em, 5, (tx) => offerByReference(tx, { customerId, reference, choice, budgetOf }, this.clock.now()));
  }
}
