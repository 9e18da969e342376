import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Inject, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { resolveCustomers } from '../../../../libs/customers/resolve-customers.js';
import { pageOf } from '../../../../libs/platform/cursor.js';
import { recordScores } from '../../../../libs/scoring/record-scores.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { HEAVY_WORK, CLOCK } from '../providers.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { pageStart } from '../http/list-query.js';
import { listScores } from '../../../../libs/scoring/list-scores.js';
import { scoreExamples, scorePage, type ScoreQuery, scoreQuery, scoresAnswer, type ScoresBody, scoresBody } from './scores.schemas.js';

@ApiTags('scores')
@Controller('v1/scores')
export class ScoresController {
  constructor(
    private readonly em: EntityManager,
    @Inject(HEAVY_WORK) private readonly heavy: HeavyWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists the latest scores of a kind, newest customer first' })
  @Answers(200, scorePage, scoreExamples.page, [400, 503])
  async list(@Query({ schema: scoreQuery }) list: ScoreQuery, @Gone() gone: AbortSignal) {
    const { kind, atLeast = null, customer = null } = list;
    const rows = await this.heavy.run(gone, (em) => listScores(em, { kind, atLeast, customer, ...pageStart(list) }));
    return pageOf(rows, list.limit, (row) => row.customerId);
  }

  @Post()
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Stores scores that another system computed; customers who cross a trigger are enrolled' })
  @idempotencyHeader
  @Takes(scoresBody, scoreExamples.body)
  @Answers(200, scoresAnswer, scoreExamples.answer, [400, 413])
  async record(@Body({ schema: scoresBody }) body: ScoresBody) {
    const resolved = await resolveCustomers(this.em, body);
    const known = body.flatMap(({ kind, value, reasons }, place) => {
      const customerId = resolved[place];
      return customerId == null ? [] : [{ customerId, kind, value, reasons }];
    });
    const { stored, unknown } = await recordScores(this.em, known, this.clock.now());
    const isUnknown = (customerId: string | null): boolean => customerId === null || unknown.includes(customerId);
    return { stored: stored.length, unknown: resolved.flatMap((customerId, place) => (isUnknown(customerId) ? [place] : [])) };
  }
}
