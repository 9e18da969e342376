import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Inject, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Settings } from '../../../../config/settings.js';
import { apiKeyName } from '../../../../libs/access/api-keys.js';
import { presentProcesses } from '../../../../libs/access/processes.js';
import { changesBetween, digestsOf } from '../../../../libs/content/documents.js';
import { digestsAt, documentsOf, findPublication, listPublications } from '../../../../libs/content/publications.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { readContentFolder } from '../../../../libs/publishing/content.js';
import { publish, rollBack } from '../../../../libs/publishing/publish.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { projectContent } from '../../../hosting/open-content.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { IdempotencyInterceptor } from '../access/idempotency.interceptor.js';
import { versionNumber } from '../campaigns/campaigns.schemas.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { CLOCK, SETTINGS } from '../providers.js';
import { PublicationBody } from './publication-body.interceptor.js';
import * as schemas from './publications.schemas.js';

const example = schemas.publicationExamples;

@ApiTags('publications')
@Controller('v1/publications')
export class PublicationsController {
  constructor(
    private readonly em: EntityManager,
    private readonly content: PublishedContent,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists publications, newest first, and the version that each running process uses' })
  @Answers(200, schemas.publicationPage, example.page, [400])
  async list(@Query({ schema: schemas.publicationQuery }) { cursor, limit }: schemas.PublicationQuery) {
    const rows = await listPublications(this.em, cursor ?? null, limit + 1);
    const items = rows.slice(0, limit);
    const processes = (await presentProcesses(this.em)).map(({ kind, host, pid, publication }) => ({ kind, host, pid, publication }));
    return { items, next: rows.length > limit ? String(items.at(-1)?.version) : null, processes };
  }

  @Get('files')
  @ApiOperation({ summary: 'The differences between the files beside this process and the publication' })
  @Answers(200, schemas.filesOut, example.files)
  async files() {
    const files = await readContentFolder(projectContent);
    return { changes: changesBetween(await digestsAt(this.em, this.content.version), digestsOf(files)) };
  }

  @Get(':version')
  @ApiOperation({ summary: 'One publication with all its documents' })
  @Answers(200, schemas.publicationOut, example.one, [400, 404])
  async find(@Param('version', { schema: versionNumber }) version: number) {
    const publication = await findPublication(this.em, version);
    const documents = [...(await documentsOf(this.em, version))].map(([path, text]) => ({ path, text }));
    return { ...publication, documents };
  }

  @Post()
  @UseInterceptors(PublicationBody, IdempotencyInterceptor)
  @ApiOperation({ summary: 'Publishes a complete set of documents, or an older version again; one error refuses everything' })
  @idempotencyHeader
  @Takes(schemas.publishBody, example.body)
  @Answers(201, schemas.publishedOut, example.published, [400, 404, 409, 413])
  async publish(@Body({ schema: schemas.publishBody }) body: schemas.PublishBody, @CalledBy() { keyId }: Caller) {
    const { note = null, onto, dryRun } = body;
    const request = { author: await apiKeyName(this.em, keyId), note, dryRun, ...(onto !== undefined && { onto }) };
    const { defaultLocale } = this.settings;
    const now = this.clock.now();
    const published =
      'rollback' in body
        ? await rollBack(this.em, body.rollback, request, defaultLocale, now)
        : await publish(this.em, { ...request, documents: new Map(Object.entries(body.documents)) }, defaultLocale, now);
    // So that the publisher already sees it in the next answer of this process.
    if (published.created) await this.content.loadLatest();
    return published;
  }
}
