import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Inject, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { settleByHand } from '../../../../libs/messaging/ledger/reconcile-by-hand.js';
import { pageOf } from '../../../../libs/platform/cursor.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import type { Settings } from '../../../../config/settings.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { HEAVY_WORK, CLOCK, SETTINGS } from '../providers.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { pageStart } from '../http/list-query.js';
import { IdPipe } from '../http/validation.pipe.js';
import {
  messagePage,
  messagePageExample,
  type MessageQuery,
  messageQuery,
  type SettleBody,
  settleBody,
  settledOut,
  settleExample,
} from './message.schema.js';
import { listMessages } from '../../../../libs/messaging/ledger/list-messages.js';

@ApiTags('messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly em: EntityManager,
    @Inject(HEAVY_WORK) private readonly heavy: HeavyWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists the messages of the send ledger, newest first' })
  @Answers(200, messagePage, messagePageExample, [400, 503])
  async list(@Query({ schema: messageQuery }) list: MessageQuery, @Gone() gone: AbortSignal) {
    const { campaign = null, customer = null, state = null, channel = null } = list;
    const filter = { campaign, customer, state, channel, ...pageStart(list) };
    const rows = await this.heavy.run(gone, (em) => listMessages(em, filter, this.settings.inboundMail.domain));
    return pageOf(rows, list.limit, (row) => row.id);
  }

  @Post(':id/settle')
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Settles an unknown message by what an operator found in the provider’s log. It cannot be undone' })
  @idempotencyHeader
  @Takes(settleBody, settleExample.body)
  @Answers(200, settledOut, settleExample.answer, [400, 404, 409])
  async settle(@Param('id', IdPipe) id: string, @Body({ schema: settleBody }) { as }: SettleBody, @CalledBy() { keyId }: Caller) {
    return settleByHand(this.em, id, as, `api-key:${keyId}`, this.clock.now());
  }
}
