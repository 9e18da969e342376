import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '../../../../libs/platform/clock.js';
import { notFound } from '../../../../libs/platform/problem.js';

import { Answers } from '../http/answers.js';
import { CLOCK } from '../providers.js';
import { IdPipe } from '../http/validation.pipe.js';
import { enrolmentStory, enrolmentStoryExample } from './enrolment.schema.js';
import { findEnrolment } from '../../../../libs/measurement/enrolment-story.js';

@ApiTags('enrolments')
@Controller('v1/enrolments')
export class EnrolmentsController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':id')
  @ApiOperation({ summary: 'The full history of one enrolment: steps, decisions with their reasons, offers, messages, responses' })
  @Answers(200, enrolmentStory, enrolmentStoryExample, [404])
  async find(@Param('id', IdPipe) id: string) {
    const enrolment = await findEnrolment(this.em, id, this.clock.now());
    if (enrolment === undefined) throw notFound('enrolment', id);
    return enrolment;
  }
}
