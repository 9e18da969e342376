import { Body, Controller, Get, Inject, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../../../libs/platform/cursor.js';
import { compileRule } from '../../../../libs/segments/rule.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { API_CONTEXT, type ApiContext } from '../context.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { pageStart } from '../http/list-query.js';
import { countHolding, insertSegment, listSegments } from './segments.queries.js';
import {
  type SegmentBody,
  segmentBody,
  segmentExamples,
  segmentOut,
  segmentPage,
  type SegmentQuery,
  segmentQuery,
} from './segments.schemas.js';

@ApiTags('segments')
@Controller('v1/segments')
export class SegmentsController {
  constructor(@Inject(API_CONTEXT) private readonly context: ApiContext) {}

  @Get()
  @ApiOperation({ summary: 'Lists segments, newest first, with how many customers are in each' })
  @Answers(200, segmentPage, segmentExamples.page, [400])
  async list(@Query({ schema: segmentQuery }) list: SegmentQuery) {
    const em = this.context.orm.em.fork();
    const now = this.context.clock.now();
    const { before, rows } = pageStart(list);
    const page = pageOf(await listSegments(em, before, rows), list.limit, (row) => row.id);
    const items = [];
    for (const segment of page.items) items.push({ ...segment, count: await countHolding(em, compileRule(segment.rule), now) });
    return { items, next: page.next };
  }

  @Post()
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Names a rule' })
  @idempotencyHeader
  @Takes(segmentBody, segmentExamples.body)
  @Answers(201, segmentOut, segmentExamples.segment, [400, 409])
  async create(@Body({ schema: segmentBody }) body: SegmentBody) {
    const em = this.context.orm.em.fork();
    const now = this.context.clock.now();
    const rule = compileRule(body.rule);
    const segment = await insertSegment(em, body.name, rule.source, now);
    return { ...segment, count: await countHolding(em, rule, now) };
  }
}
