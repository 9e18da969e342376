import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { notFound } from '../../../../libs/platform/problem.js';

import { Answers } from '../http/answers.js';
import { IdPipe } from '../http/validation.pipe.js';
import { enrolmentStory, enrolmentStoryExample } from './enrolment.schema.js';
import { findEnrolment } from '../../../../libs/measurement/enrolment-story.js';

@ApiTags('enrolments')
@Controller('v1/enrolments')
export class EnrolmentsController {
  constructor(private readonly em: EntityManager) {}

  @Get(':id')
  @ApiOperation({ summary: 'The full history of one enrolment: steps, decisions with their reasons, offers, messages, responses' })
  @Answers(200, enrolmentStory, enrolmentStoryExample, [404])
  async find(@Param('id', IdPipe) id: string) {
    const enrolment = await findEnrolment(this.em, id);
    if (enrolment === undefined) throw notFound('enrolment', id);
    return enrolment;
  }
}
