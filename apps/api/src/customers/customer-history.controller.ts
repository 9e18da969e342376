import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { standingInCampaigns } from '../../../../libs/campaigns/campaign-standing.js';
import { listEvents } from '../../../../libs/customers/list-events.js';
import { requireLiving } from '../../../../libs/customers/living.js';
import { pageOf } from '../../../../libs/platform/cursor.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { listResponses } from '../../../../libs/responses/list-responses.js';
import { CLOCK } from '../providers.js';
import { Answers } from '../http/answers.js';
import { pageStart } from '../http/list-query.js';
import { IdPipe } from '../http/validation.pipe.js';
import * as schemas from './customer-history.schemas.js';

/** What may be long about one customer, page by page. Decisions and messages: `GET /v1/decisions?customer=` and `GET /v1/messages?customer=`. */
@ApiTags('customers')
@Controller('v1/customers/:id')
export class CustomerHistoryController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('events')
  @ApiOperation({ summary: 'What happened to a customer, the latest first' })
  @Answers(200, schemas.eventPage, schemas.historyExamples.events, [400, 404])
  async events(@Param('id', IdPipe) id: string, @Query({ schema: schemas.historyQuery }) list: schemas.HistoryQuery) {
    await requireLiving(this.em, id);
    const { before, rows } = pageStart(list);
    return pageOf(await listEvents(this.em, id, before, rows), list.limit, (row) => row.id);
  }

  @Get('responses')
  @ApiOperation({ summary: 'What a customer answered, the latest first, and the tasks of the desk' })
  @Answers(200, schemas.responsePage, schemas.historyExamples.responses, [400, 404])
  async responses(@Param('id', IdPipe) id: string, @Query({ schema: schemas.historyQuery }) list: schemas.HistoryQuery) {
    await requireLiving(this.em, id);
    const { before, rows } = pageStart(list);
    return pageOf(await listResponses(this.em, id, before, rows), list.limit, (row) => row.id);
  }

  @Get('campaigns')
  @ApiOperation({ summary: 'How a customer stands towards each running campaign: inside, about to enter, or kept out and by what' })
  @Answers(200, schemas.standingPage, schemas.historyExamples.campaigns, [404])
  async campaigns(@Param('id', IdPipe) id: string) {
    await requireLiving(this.em, id);
    return { items: await standingInCampaigns(this.em, id, this.clock.now()), next: null };
  }
}
