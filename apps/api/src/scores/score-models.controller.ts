import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../../../libs/platform/cursor.js';

import { Answers } from '../http/answers.js';
import { pageStart } from '../http/list-query.js';
import { listModels } from '../../../../libs/scoring/list-scores.js';
import { modelPage, type ModelQuery, modelQuery, scoreExamples } from './scores.schemas.js';

@ApiTags('scores')
@Controller('v1/score-models')
export class ScoreModelsController {
  constructor(private readonly em: EntityManager) {}

  @Get()
  @ApiOperation({ summary: 'Lists the trained models with their quality, newest first' })
  @Answers(200, modelPage, scoreExamples.models, [400])
  async list(@Query({ schema: modelQuery }) list: ModelQuery) {
    const { before, rows } = pageStart(list);
    return pageOf(await listModels(this.em, before, rows), list.limit, (row) => row.id);
  }
}
