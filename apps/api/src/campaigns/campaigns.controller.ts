import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Inject, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CampaignCommand, commandsIn } from '../../../../libs/campaigns/campaign-states.js';
import { createCampaign, findCampaign, treatmentsOf } from '../../../../libs/campaigns/campaigns.js';
import type { CampaignDefinition } from '../../../../libs/campaigns/definition.js';
import { warningsInTime } from '../../../../libs/campaigns/warnings-in-time.js';
import { enrolByHand } from '../../../../libs/campaigns/enrol-by-hand.js';
import { listVersions, storedVersion } from '../../../../libs/campaigns/versions.js';
import { parseDefinition } from '../../../../libs/campaigns/parse-definition.js';
import { campaignReport } from '../../../../libs/measurement/campaign-report.js';
import { writeWithin } from '../../../../libs/persistence/statement-limit.js';
import { pageOf } from '../../../../libs/platform/cursor.js';
import { notFound } from '../../../../libs/platform/problem.js';
import type { TreatmentDefinition } from '../../../../libs/treatments/treatment.entity.js';
import { listTreatments } from '../../../../libs/treatments/treatments.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { HEAVY_WORK, CLOCK, LOG, SETTINGS } from '../providers.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { pageStart } from '../http/list-query.js';
import { IdOrKeyPipe } from '../http/validation.pipe.js';
import { CAMPAIGN_COMMANDS, type CampaignCommands } from './campaign-commands.js';
import { campaignFeed } from '../../../../libs/measurement/campaign-feed.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import type { Logger } from '../../../../libs/platform/log.js';
import type { Settings } from '../../../../config/settings.js';
import { campaignById, listCampaigns, listEnrolments } from '../../../../libs/campaigns/list-campaigns.js';
import * as schemas from './campaigns.schemas.js';
import { estimate } from '../../../../libs/campaigns/estimate.js';
import { wakeCampaigns } from './wake-campaigns.js';
import { knownTemplates, type KnownTemplates } from '../../../../libs/messaging/templates/template-channels.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { reportExample, reportOut, reportQuery, type ReportQuery } from './report.schema.js';

const feedLength = 30;
/** Real milliseconds for each statement of a page of enrolments. */
const enrolLimitMs = 20_000;
const example = schemas.campaignExamples;

/** The YAML of a campaign, as the body itself or inside JSON. */
const TakesDefinition = (): MethodDecorator =>
  ApiBody({
    schema: {
      oneOf: [
        { type: 'object', required: ['source'], properties: { source: { type: 'string', description: 'YAML' } } },
        { type: 'string' },
      ],
    },
    examples: { json: { value: example.body } },
  });

@ApiTags('campaigns')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly em: EntityManager,
    @Inject(HEAVY_WORK) private readonly heavy: HeavyWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
    private readonly content: PublishedContent,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CAMPAIGN_COMMANDS) private readonly commands: CampaignCommands,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists campaigns, newest first' })
  @Answers(200, schemas.campaignPage, example.page, [400, 503])
  async list(@Query({ schema: schemas.campaignQuery }) list: schemas.CampaignQuery, @Gone() gone: AbortSignal) {
    const { before, rows } = pageStart(list);
    const items = await this.heavy.run(gone, (em) => listCampaigns(em, list.state ?? null, before, rows));
    return pageOf(items, list.limit, (row) => row.id);
  }

  @Post('validate')
  @ApiOperation({ summary: 'Checks a definition and shows what it would do if it were launched now; stores nothing' })
  @TakesDefinition()
  @Answers(200, schemas.estimateOut, example.estimate, [400, 413, 503])
  async validate(@Body({ schema: schemas.definitionBody }) source: string, @Gone() gone: AbortSignal) {
    const terms = await listTreatments(this.em);
    const definition = parseDefinition(source, { treatments: terms.map(({ treatment }) => treatment), terms, ...this.known() });
    const counted = await this.heavy.run(gone, (em) => estimate(em, definition, this.clock.now()));
    return { ...counted, warnings: await this.warnings(definition, treatmentsOf(definition, terms), gone) };
  }

  @Post()
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({ summary: 'Stores a definition as a draft: a new campaign, or the next version of the campaign with its key' })
  @idempotencyHeader
  @TakesDefinition()
  @Answers(201, schemas.createdOut, example.created, [400, 409, 413])
  async create(@Body({ schema: schemas.definitionBody }) source: string) {
    const { campaignId, ...made } = await createCampaign(this.em, source, this.known(), this.clock.now());
    return { id: campaignId, ...made };
  }

  @Get(':idOrKey')
  @ApiOperation({ summary: 'One campaign with its definition and versions' })
  @Answers(200, schemas.campaignDetail, example.detail, [404, 503])
  async find(@Param('idOrKey', IdOrKeyPipe) idOrKey: string, @Gone() gone: AbortSignal) {
    const { id } = await findCampaign(this.em, idOrKey);
    const campaign = await this.heavy.run(gone, (em) => campaignById(em, id));
    if (campaign === undefined) throw notFound('campaign', id);
    return { ...campaign, commands: commandsIn(campaign.state) };
  }

  @Get(':idOrKey/versions')
  @ApiOperation({ summary: 'The versions of a campaign with their texts and how many customers are in each, newest first' })
  @Answers(200, schemas.versionPage, example.versions, [400, 404, 503])
  async versions(
    @Param('idOrKey', IdOrKeyPipe) idOrKey: string,
    @Query({ schema: schemas.versionQuery }) list: schemas.VersionQuery,
    @Gone() gone: AbortSignal,
  ) {
    const { id } = await findCampaign(this.em, idOrKey);
    const { before, rows } = pageStart(list);
    const items = await this.heavy.run(gone, (em) => listVersions(em, id, before, rows));
    return pageOf(items, list.limit, (row) => row.id);
  }

  @Post(':idOrKey/versions/:version/launch')
  @ApiOperation({ summary: 'Makes this version the one that enrols; running journeys finish in their own version' })
  @Answers(200, schemas.versionLaunchedOut, example.versionLaunched, [400, 404, 409, 503])
  async launchVersion(
    @Param('idOrKey', IdOrKeyPipe) idOrKey: string,
    @Param('version', { schema: schemas.versionNumber }) version: number,
  ) {
    const { id } = await findCampaign(this.em, idOrKey);
    await this.commands.launchVersion(id, version);
    return { id, version, state: (await findCampaign(this.em, id)).state };
  }

  @Get(':idOrKey/report')
  @ApiOperation({ summary: 'The results of a campaign: counts, money, lift with its interval, and the journey with its flows' })
  @Answers(200, reportOut, reportExample, [400, 404, 503])
  async report(
    @Param('idOrKey', IdOrKeyPipe) idOrKey: string,
    @Query({ schema: reportQuery }) { version }: ReportQuery,
    @Gone() gone: AbortSignal,
  ) {
    const now = this.clock.now();
    const { id } = await findCampaign(this.em, idOrKey);
    const report = await this.heavy.run(gone, (em) => campaignReport(em, id, now, version ?? null));
    return { ...report, clock: { now, speed: this.settings.clock.speed } };
  }

  @Get(':idOrKey/feed')
  @ApiOperation({ summary: 'The last 30 events' })
  @Answers(200, schemas.feedOut, example.feed, [404, 503])
  async feed(@Param('idOrKey', IdOrKeyPipe) idOrKey: string, @Gone() gone: AbortSignal) {
    const { id } = await findCampaign(this.em, idOrKey);
    return { items: await this.heavy.run(gone, (em) => campaignFeed(em, id, feedLength)), next: null };
  }

  @Get(':idOrKey/enrolments')
  @ApiOperation({ summary: 'Lists the enrolments of a campaign, newest first' })
  @Answers(200, schemas.enrolmentPage, example.enrolments, [400, 404, 503])
  async enrolments(
    @Param('idOrKey', IdOrKeyPipe) idOrKey: string,
    @Query({ schema: schemas.enrolmentQuery }) list: schemas.EnrolmentQuery,
    @Gone() gone: AbortSignal,
  ) {
    const { id } = await findCampaign(this.em, idOrKey);
    const { state = null, arm = null, outcome = null, step = null } = list;
    const filter = { campaign: id, state, arm, outcome, step, ...pageStart(list) };
    const rows = await this.heavy.run(gone, (em) => listEnrolments(em, filter));
    return pageOf(rows, list.limit, (row) => row.id);
  }

  @Post(':idOrKey/enrolments')
  @UseInterceptors(IdempotencyInterceptor)
  @ApiOperation({
    summary:
      'Enrols customers by hand: by id, by company number, by a rule, or the whole audience. With dryRun it only shows which customers',
  })
  @idempotencyHeader
  @Takes(schemas.enrolBody, example.enrolBody)
  @Answers(200, schemas.enrolAnswer, example.enrolled, [400, 404, 409, 503])
  async enrol(
    @Param('idOrKey', IdOrKeyPipe) idOrKey: string,
    @Body({ schema: schemas.enrolBody }) body: schemas.EnrolBody,
    @Gone() gone: AbortSignal,
  ) {
    const { id } = await findCampaign(this.em, idOrKey);
    const { dryRun, again, from = null, ...asked } = body;
    const page = (on: EntityManager) => enrolByHand(on, id, schemas.selectionOf(asked), { now: this.clock.now(), dryRun, again, from });
    const done = await (dryRun ? this.heavy.run(gone, page) : writeWithin(this.em, enrolLimitMs, page));
    if (!dryRun) await wakeCampaigns(this.commands, this.log);
    const warnings = dryRun && from === null ? await this.warningsOf(id, gone) : [];
    return schemas.enrolled(asked, { ...done, warnings });
  }

  @Post(':idOrKey/launch')
  @ApiOperation({ summary: 'Launches a draft: from now on its trigger enrols' })
  @Answers(200, schemas.stateOut, example.state, [404, 409, 503])
  async launch(@Param('idOrKey', IdOrKeyPipe) idOrKey: string) {
    return this.command(idOrKey, 'launch');
  }

  @Post(':idOrKey/pause')
  @ApiOperation({ summary: 'Pauses every journey at its step; nothing is sent until the campaign is resumed' })
  @Answers(200, schemas.stateOut, { ...example.state, state: 'paused' }, [404, 409, 503])
  async pause(@Param('idOrKey', IdOrKeyPipe) idOrKey: string) {
    return this.command(idOrKey, 'pause');
  }

  @Post(':idOrKey/resume')
  @ApiOperation({ summary: 'Resumes every journey' })
  @Answers(200, schemas.stateOut, example.state, [404, 409, 503])
  async resume(@Param('idOrKey', IdOrKeyPipe) idOrKey: string) {
    return this.command(idOrKey, 'resume');
  }

  @Post(':idOrKey/repin')
  @ApiOperation({ summary: 'Uses the newest published templates for all further messages, also those of running journeys' })
  @Answers(200, schemas.repinnedOut, example.repinned, [404, 409, 503])
  async repin(@Param('idOrKey', IdOrKeyPipe) idOrKey: string) {
    const { id } = await findCampaign(this.em, idOrKey);
    return { id, publication: await this.commands.repin(id) };
  }

  @Post(':idOrKey/cancel')
  @ApiOperation({
    summary:
      'Ends every journey; open offers are withdrawn. Nothing is sent from now on; the journeys close page by page. It cannot be undone',
  })
  @Answers(200, schemas.stateOut, { ...example.state, state: 'cancelled' }, [404, 409, 503])
  async cancel(@Param('idOrKey', IdOrKeyPipe) idOrKey: string) {
    return this.command(idOrKey, 'cancel');
  }

  @Post(':idOrKey/complete')
  @ApiOperation({ summary: 'Stops enrolling; running journeys continue' })
  @Answers(200, schemas.stateOut, { ...example.state, state: 'completed' }, [404, 409, 503])
  async complete(@Param('idOrKey', IdOrKeyPipe) idOrKey: string) {
    return this.command(idOrKey, 'complete');
  }

  private async warnings(definition: CampaignDefinition, terms: readonly TreatmentDefinition[], gone: AbortSignal, known = this.known()) {
    return warningsInTime(this.heavy, gone, { definition, terms, known, now: this.clock.now() });
  }

  /** The same for the version that enrols, with its own treatments and templates. */
  private async warningsOf(campaignId: string, gone: AbortSignal) {
    const { definition, treatments, publication } = await storedVersion(this.em, campaignId);
    return this.warnings(definition, treatmentsOf(definition, treatments), gone, this.known(await this.content.templatesAt(publication)));
  }

  private async command(idOrKey: string, command: CampaignCommand) {
    const { id } = await findCampaign(this.em, idOrKey);
    return { id, state: await this.commands.command(id, command) };
  }

  private known(templates = this.content.latest.templates): KnownTemplates {
    return knownTemplates(templates, this.settings.defaultLocale);
  }
}
