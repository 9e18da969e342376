import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Inject, Post, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { recordEvents } from '../../../../libs/customers/record-events.js';
import { retriedTransaction } from '../../../../libs/persistence/retried.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { CLOCK } from '../providers.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { eventExamples, eventsAnswer, type EventsBody, eventsBody } from './events.schemas.js';

@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Records up to 1000 events; contract.ended and contract.renewed change the customer' })
  @idempotencyHeader
  @Takes(eventsBody, eventExamples.body)
  @Answers(200, eventsAnswer, eventExamples.answer, [400, 413])
  async record(@Body({ schema: eventsBody }) events: EventsBody) {
    return retriedTransaction(this.em, 5, (tx) => recordEvents(tx, events, this.clock.now()));
  }
}
