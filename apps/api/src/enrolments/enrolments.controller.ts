import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { notFound } from '../../../../libs/platform/problem.js';
import { API_CONTEXT, type ApiContext } from '../context.js';
import { Answers } from '../http/answers.js';
import { IdPipe } from '../http/validation.pipe.js';
import { enrolmentStory, enrolmentStoryExample } from './enrolment.schema.js';
import { findEnrolment } from './enrolments.queries.js';

@ApiTags('enrolments')
@Controller('v1/enrolments')
export class EnrolmentsController {
  constructor(@Inject(API_CONTEXT) private readonly context: ApiContext) {}

  @Get(':id')
  @ApiOperation({ summary: 'The whole story of one enrolment: steps, decisions with their reasons, offers, messages, responses' })
  @Answers(200, enrolmentStory, enrolmentStoryExample, [404])
  async find(@Param('id', IdPipe) id: string) {
    const enrolment = await findEnrolment(this.context.orm.em.fork(), id);
    if (enrolment === undefined) throw notFound('enrolment', id);
    return enrolment;
  }
}
