import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { resolveCustomers } from '../../../../libs/customers/resolve-customers.js';
import { scoreDistribution } from '../../../../libs/measurement/score-distribution.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { isId } from '../../../../libs/platform/ids.js';
import { notFound } from '../../../../libs/platform/problem.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { scoreKinds, type ScoreName } from '../../../../libs/scores/kinds/table.js';
import { explainScore } from '../../../../libs/scoring/explain-score.js';
import { titlesOf } from '../../../../libs/scoring/features/reason-words.js';
import { expectChampion } from '../../../../libs/scoring/registry/champion.js';
import { findVersion } from '../../../../libs/scoring/registry/find-version.js';
import { listKinds, type KindState } from '../../../../libs/scoring/registry/list-kinds.js';
import { listRegister } from '../../../../libs/scoring/registry/list-register.js';
import { previewPromotion } from '../../../../libs/scoring/registry/preview-promotion.js';
import { promoteModel, rollbackModel } from '../../../../libs/scoring/registry/promote.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { Answers, idempotencyHeader } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { CLOCK, HEAVY_WORK } from '../providers.js';
import { scoreKindExamples as example } from './score-kinds.examples.js';
import * as schemas from './score-kinds.schemas.js';
import { SCORE_SWEEPS, type ScoreSweeps } from './score-sweeps.js';

/** Each kind of score with its models: what is in use, how good it is, and what to do about it. */
@ApiTags('scores')
@Controller('v1/score-kinds')
export class ScoreKindsController {
  constructor(
    private readonly em: EntityManager,
    private readonly content: PublishedContent,
    @Inject(HEAVY_WORK) private readonly heavy: HeavyWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SCORE_SWEEPS) private readonly sweeps: ScoreSweeps,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All kinds of score: the version in use, the last sweep, and how far customers have drifted' })
  @Answers(200, schemas.kindPage, example.kinds)
  async list() {
    const kinds = await listKinds(this.em);
    return { items: kinds.map((state) => this.described(state)), next: null };
  }

  @Get(':kind/versions')
  @ApiOperation({ summary: 'The versions of a kind with their quality, newest first' })
  @Answers(200, schemas.versionPage, example.versions, [404])
  async versions(@Param('kind') name: string) {
    return { items: await listRegister(this.em, kindOf(name)), next: null };
  }

  @Get(':kind/versions/:version')
  @ApiOperation({ summary: 'One version with all its figures: intervals, calibration, drivers, partial dependence, profit, missed gates' })
  @Answers(200, schemas.versionDetail, example.version, [400, 404])
  async version(@Param('kind') name: string, @Param('version', { schema: schemas.versionNumber }) version: number) {
    const { reads, ...found } = await findVersion(this.em, kindOf(name), version);
    const { refusedFor = [] } = found.metrics;
    return { ...found, refusedFor, titles: titlesOf(reads.features, this.content.latest.fields) };
  }

  @Get(':kind/versions/:version/crossings')
  @ApiOperation({
    summary: 'Who would cross the thresholds of campaigns if this version were in use; of many customers, a sample is scored',
  })
  @Answers(200, schemas.crossingsOut, example.crossings, [400, 404, 503])
  async crossings(
    @Param('kind') name: string,
    @Param('version', { schema: schemas.versionNumber }) version: number,
    @Gone() gone: AbortSignal,
  ) {
    const kind = kindOf(name);
    return this.heavy.run(gone, (em) => previewPromotion(em, kind, version, this.clock.now()));
  }

  @Post(':kind/versions/:version/promote')
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Puts a version to use; scores change with the next sweep. A version that missed a gate is refused' })
  @idempotencyHeader
  @Answers(200, schemas.promotedOut, example.promoted, [400, 404, 409])
  async promote(@Param('kind') name: string, @Param('version', { schema: schemas.versionNumber }) version: number) {
    const kind = kindOf(name);
    return { kind, ...(await promoteModel(this.em, kind, version, this.clock.now())) };
  }

  @Post(':kind/rollback')
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Takes the last promotion back: the version before is in use again; scores change with the next sweep' })
  @idempotencyHeader
  @Answers(200, schemas.promotedOut, example.rolledBack, [404, 409])
  async rollback(@Param('kind') name: string) {
    const kind = kindOf(name);
    return { kind, ...(await rollbackModel(this.em, kind)) };
  }

  @Post(':kind/sweep')
  @ApiOperation({ summary: 'Starts a sweep: everybody whose score may have changed is scored. One that runs already goes on' })
  @Answers(202, schemas.sweepOut, example.sweep, [404, 409, 503])
  async sweep(@Param('kind') name: string) {
    const kind = kindOf(name);
    await expectChampion(this.em, kind);
    return { kind, workflowId: await this.sweeps.start(kind) };
  }

  @Get(':kind/distribution')
  @ApiOperation({ summary: 'How the latest scores are spread, and who is above the thresholds of campaigns' })
  @Answers(200, schemas.distributionOut, example.distribution, [404, 503])
  async distribution(@Param('kind') name: string, @Gone() gone: AbortSignal) {
    const kind = kindOf(name);
    return this.heavy.run(gone, (em) => scoreDistribution(em, kind));
  }

  @Get(':kind/explanation')
  @ApiOperation({ summary: 'Why a customer has a score, in full: base, every contribution and the remainder add up to it' })
  @Answers(200, schemas.explanationOut, example.explanation, [400, 404, 409])
  async explanation(@Param('kind') name: string, @Query({ schema: schemas.explanationQuery }) { customer }: schemas.ExplanationQuery) {
    const kind = kindOf(name);
    const [customerId] = await resolveCustomers(this.em, [isId(customer) ? { customerId: customer } : { externalId: customer }]);
    if (customerId == null) throw notFound('customer', customer);
    return explainScore(this.em, { kind, customerId, fields: this.content.latest.fields, now: this.clock.now() });
  }

  private described({ kind, drift, ...state }: KindState) {
    const { fields, scores } = this.content.latest;
    const declared = scores.get(kind);
    const titles = titlesOf(declared?.features ?? {}, fields);
    const named = drift?.moved.map((each) => ({ ...each, title: titles[each.feature] ?? each.feature.replaceAll('_', ' ') })) ?? [];
    return {
      kind,
      title: declared?.title ?? null,
      range: rangeOf(kind),
      ...state,
      drift: drift === null ? null : { ...drift, moved: named },
    };
  }
}

function rangeOf(kind: ScoreName) {
  const { range } = scoreKinds.get(kind);
  return range === undefined ? null : { least: range.least, most: range.most };
}

/** @throws Problem not-found */
function kindOf(name: string): ScoreName {
  const parsed = scoreKinds.name.safeParse(name);
  if (!parsed.success) throw notFound('kind of score', name);
  return parsed.data;
}
