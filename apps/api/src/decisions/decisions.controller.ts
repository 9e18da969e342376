import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../../../libs/platform/cursor.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import { HEAVY_WORK } from '../providers.js';
import { Answers } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { pageStart } from '../http/list-query.js';
import { decisionPage, decisionPageExample, type DecisionQuery, decisionQuery } from './decision.schema.js';
import { listDecisions } from '../../../../libs/offers/list-decisions.js';

@ApiTags('decisions')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(@Inject(HEAVY_WORK) private readonly heavy: HeavyWork) {}

  @Get()
  @ApiOperation({ summary: 'Lists decisions, also decisions to do nothing, newest first' })
  @Answers(200, decisionPage, decisionPageExample, [400, 503])
  async list(@Query({ schema: decisionQuery }) list: DecisionQuery, @Gone() gone: AbortSignal) {
    const { campaign = null, customer = null, kind = null, reason = null } = list;
    const rows = await this.heavy.run(gone, (em) => listDecisions(em, { campaign, customer, kind, reason, ...pageStart(list) }));
    return pageOf(rows, list.limit, (row) => row.id);
  }
}
