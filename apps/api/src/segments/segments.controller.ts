import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Inject, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../../../libs/platform/cursor.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { certaintyOf } from '../../../../libs/segments/certainty.js';
import { compileRule, type Rule } from '../../../../libs/segments/rule.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { HEAVY_WORK, CLOCK } from '../providers.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { pageStart } from '../http/list-query.js';
import { countHolding, insertSegment, listSegments } from '../../../../libs/segments/segments.js';
import {
  type SegmentBody,
  segmentBody,
  segmentExamples,
  segmentOut,
  segmentPage,
  type SegmentQuery,
  segmentQuery,
} from './segments.schemas.js';

/** The most real milliseconds for one count, and for all counts of a page. */
const countLimitMs = 5_000;
const pageLimitMs = 15_000;

@ApiTags('segments')
@Controller('v1/segments')
export class SegmentsController {
  constructor(
    private readonly em: EntityManager,
    @Inject(HEAVY_WORK) private readonly heavy: HeavyWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists segments, newest first, with how many customers are in each' })
  @Answers(200, segmentPage, segmentExamples.page, [400])
  async list(@Query({ schema: segmentQuery }) list: SegmentQuery, @Gone() gone: AbortSignal) {
    const until = performance.now() + pageLimitMs;
    const { before, rows } = pageStart(list);
    const page = pageOf(await listSegments(this.em, before, rows), list.limit, (row) => row.id);
    const items = [];
    for (const segment of page.items)
      items.push({ ...segment, count: await this.count(compileRule(segment.rule), gone, until - performance.now()) });
    return { items, next: page.next };
  }

  @Post()
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Names a rule' })
  @idempotencyHeader
  @Takes(segmentBody, segmentExamples.body)
  @Answers(201, segmentOut, segmentExamples.segment, [400, 409])
  async create(@Body({ schema: segmentBody }) body: SegmentBody, @Gone() gone: AbortSignal) {
    const now = this.clock.now();
    const rule = compileRule(body.rule);
    const certainty = certaintyOf(rule.condition);
    if (certainty.kind === 'never') throw new Problem('invalid', 'This rule matches no customer', [{ where: 'rule', what: certainty.why }]);
    const segment = await insertSegment(this.em, body.name, rule.source, now);
    return { ...segment, count: await this.count(rule, gone, countLimitMs) };
  }

  /** @returns null if it takes longer, or if too much else is being counted */
  private async count(rule: Rule, gone: AbortSignal, timeoutMs: number): Promise<number | null> {
    if (timeoutMs <= 0) return null;
    try {
      const now = this.clock.now();
      return await this.heavy.run(gone, (em) => countHolding(em, rule, now), Math.min(timeoutMs, countLimitMs));
    } catch (error) {
      if (error instanceof Problem && error.kind === 'unavailable') return null;
      throw error;
    }
  }
}
