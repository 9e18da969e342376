import { EntityManager } from '@mikro-orm/postgresql';
import { applyDecorators, Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { findCampaign } from '../../../../libs/campaigns/campaigns.js';
import type { HeavyWork } from '../../../../libs/persistence/heavy-work.js';
import { HEAVY_WORK } from '../providers.js';
import { refusalsOf } from '../http/answers.js';
import { Gone } from '../http/gone.js';
import { IdOrKeyPipe } from '../http/validation.pipe.js';
import { type EnrolmentExportQuery, enrolmentExportQuery, type MessageExportQuery, messageExportQuery } from './exports.schemas.js';
import { enrolmentsExport, type Export, messagesExport } from '../../../../libs/measurement/exports.js';
import { sendCsv } from './send-csv.js';

/** Real milliseconds until the first rows are sorted, and for each thousand after them. */
const statementLimitMs = 60_000;

/** A handler that returns a file, with the descriptions of its columns. */
function AnswersCsv({ columns }: Export): MethodDecorator {
  const described = Object.entries(columns).map(([name, what]) => `- \`${name}\`: ${what}`);
  return applyDecorators(
    ApiResponse({
      status: 200,
      description: `RFC 4180, UTF-8, with a header. A text that a spreadsheet could take for a formula has an apostrophe before it.\n\n${described.join('\n')}`,
      content: { 'text/csv': { schema: { type: 'string' }, example: `${Object.keys(columns).join(',')}\r\n` } },
    }),
    ...refusalsOf([400, 404, 503]),
  );
}

@ApiTags('exports')
@Controller('v1/campaigns/:idOrKey')
export class ExportsController {
  constructor(
    private readonly em: EntityManager,
    @Inject(HEAVY_WORK) private readonly heavy: HeavyWork,
  ) {}

  @Get('messages.csv')
  @ApiOperation({ summary: 'All messages of a campaign as a CSV file, oldest first' })
  @AnswersCsv(messagesExport)
  async messages(
    @Param('idOrKey', IdOrKeyPipe) idOrKey: string,
    @Query({ schema: messageExportQuery }) query: MessageExportQuery,
    @Res() response: Response,
    @Gone() gone: AbortSignal,
  ) {
    await this.send(idOrKey, 'messages', messagesExport, query, response, gone);
  }

  @Get('enrolments.csv')
  @ApiOperation({ summary: 'All enrolments of a campaign as a CSV file, oldest first' })
  @AnswersCsv(enrolmentsExport)
  async enrolments(
    @Param('idOrKey', IdOrKeyPipe) idOrKey: string,
    @Query({ schema: enrolmentExportQuery }) query: EnrolmentExportQuery,
    @Res() response: Response,
    @Gone() gone: AbortSignal,
  ) {
    await this.send(idOrKey, 'enrolments', enrolmentsExport, query, response, gone);
  }

  private async send(
    idOrKey: string,
    what: string,
    file: Export,
    narrowed: Readonly<Record<string, string | undefined>>,
    response: Response,
    gone: AbortSignal,
  ): Promise<void> {
    const { id, key } = await findCampaign(this.em, idOrKey);
    const params = [id, ...file.filter.map((name) => narrowed[name] ?? null)];
    await this.heavy.run(gone, (em) => sendCsv(em, file, params, `${key}-${what}`, response), statementLimitMs);
  }
}
