import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../../../libs/platform/cursor.js';
import { API_CONTEXT, type ApiContext } from '../context.js';
import { Answers } from '../http/answers.js';
import { pageStart } from '../http/list-query.js';
import { listModels } from './scores.queries.js';
import { modelPage, type ModelQuery, modelQuery, scoreExamples } from './scores.schemas.js';

@ApiTags('scores')
@Controller('v1/score-models')
export class ScoreModelsController {
  constructor(@Inject(API_CONTEXT) private readonly context: ApiContext) {}

  @Get()
  @ApiOperation({ summary: 'Lists the trained models with how good they are, newest first' })
  @Answers(200, modelPage, scoreExamples.models, [400])
  async list(@Query({ schema: modelQuery }) list: ModelQuery) {
    const { before, rows } = pageStart(list);
    return pageOf(await listModels(this.context.orm.em.fork(), before, rows), list.limit, (row) => row.id);
  }
}
