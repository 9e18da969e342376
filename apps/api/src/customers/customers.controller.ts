import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Inject, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { changeCustomer } from '../../../../libs/ingestion/change-customer.js';
import { createCustomer } from '../../../../libs/ingestion/create-customer.js';
import { lockLiving } from '../../../../libs/customers/living.js';
import { recordConsent } from '../../../../libs/consent/record-consent.js';
import { pageOf } from '../../../../libs/platform/cursor.js';
import { notFound } from '../../../../libs/platform/problem.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import { retriedTransaction } from '../../../../libs/persistence/retried.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import type { Settings } from '../../../../config/settings.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { HEAVY_WORK, CLOCK, SETTINGS } from '../providers.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { pageStart } from '../http/list-query.js';
import { IdPipe } from '../http/validation.pipe.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { findSegmentRule } from '../../../../libs/segments/segments.js';
import { listCustomers } from '../../../../libs/segments/list-customers.js';
import { readSearch } from '../../../../libs/customers/customer-search.js';
import { customerRows } from '../../../../libs/measurement/customer-rows.js';
import { findCustomer } from '../../../../libs/measurement/customer-story.js';
import {
  consentAnswer,
  consentBody,
  type ConsentInput,
  type CustomerBody,
  customerBody,
  customerDetail,
  customerExamples,
  customerPage,
  customerPatch,
  type CustomerPatchBody,
  type CustomerQuery,
  customerQuery,
} from './customers.schemas.js';

@ApiTags('customers')
@Controller('v1/customers')
export class CustomersController {
  constructor(
    private readonly em: EntityManager,
    @Inject(HEAVY_WORK) private readonly heavy: HeavyWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly content: PublishedContent,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists customers, newest first; of a search, those whose number or address it is come first' })
  @Answers(200, customerPage, customerExamples.page, [400, 503])
  async list(@Query({ schema: customerQuery }) list: CustomerQuery, @Gone() gone: AbortSignal) {
    const rule = list.segment === undefined ? null : await findSegmentRule(this.em, list.segment);
    const search = list.search === undefined ? null : readSearch(list.search, this.settings.secret);
    const filter = { status: list.status ?? null, search, rule, ...pageStart(list) };
    const rows = await this.heavy.run(gone, async (reading) =>
      customerRows(reading, await listCustomers(reading, filter, this.clock.now())),
    );
    return pageOf(rows, list.limit, (row) => row.id);
  }

  @Post()
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Adds a customer, with addresses and consents' })
  @idempotencyHeader
  @Takes(customerBody, customerExamples.body)
  @Answers(201, customerDetail, customerExamples.detail, [400, 409, 413])
  async create(@Body({ schema: customerBody }) body: CustomerBody, @CalledBy() caller: Caller) {
    return retriedTransaction(this.em, 5, async (tx) => {
      const id = await createCustomer(
        tx,
        { ...body, locale: body.locale ?? this.settings.defaultLocale },
        this.settings.secret,
        `api-key:${caller.keyId}`,
        this.clock.now(),
      );
      return findCustomer(tx, id, this.content.latest, this.clock.now());
    });
  }

  @Get(':id')
  @ApiOperation({
    summary: 'One customer with addresses and what keeps messages from them, consents, scores with reasons, enrolments, offers',
  })
  @Answers(200, customerDetail, customerExamples.detail, [404])
  async find(@Param('id', IdPipe) id: string) {
    const customer = await findCustomer(this.em, id, this.content.latest, this.clock.now());
    if (customer === undefined) throw notFound('customer', id);
    return customer;
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes the given fields of a customer, and notifies goals and triggers that read them. The same again changes nothing',
  })
  @Takes(customerPatch, customerExamples.patch)
  @Answers(200, customerDetail, customerExamples.detail, [400, 404, 409, 413])
  async change(@Param('id', IdPipe) id: string, @Body({ schema: customerPatch }) body: CustomerPatchBody) {
    return retriedTransaction(this.em, 5, async (tx) => {
      await changeCustomer(tx, id, body, this.content.latest.fields, this.clock.now());
      return findCustomer(tx, id, this.content.latest, this.clock.now());
    });
  }

  @Post(':id/consents')
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Records that consent was granted or withdrawn' })
  @idempotencyHeader
  @Takes(consentBody, customerExamples.consent)
  @Answers(201, consentAnswer, customerExamples.consentAnswer, [400, 404, 409])
  async consent(@Param('id', IdPipe) id: string, @Body({ schema: consentBody }) body: ConsentInput, @CalledBy() caller: Caller) {
    return retriedTransaction(this.em, 5, async (tx) => {
      await lockLiving(tx, id);
      return recordConsent(tx, id, body, `api-key:${caller.keyId}`, this.clock.now());
    });
  }
}
