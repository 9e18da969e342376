import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { treatmentKinds } from '../../../../libs/treatments/treatment.entity.js';
import { listTreatments } from '../../../../libs/treatments/treatments.js';

import { Answers } from '../http/answers.js';
import { pageSchema } from '../http/list-query.js';

const treatmentPage = pageSchema(
  z.object({
    treatment: z.string(),
    title: z.string(),
    kind: z.enum(treatmentKinds),
    eligible: z.string().describe('which customers may get it: a condition in CEL'),
    cost: z.union([z.object({ fixed: z.string() }), z.object({ percentOfMonthlyCharge: z.number(), months: z.number() })]),
    customerValue: z.string().optional().describe('the value of a retained customer, if no charge is known'),
    validDays: z.number(),
    prior: z.object({ acceptance: z.number(), uplift: z.number() }),
  }),
);
const example = {
  items: [
    {
      treatment: 'bill-credit-10',
      title: '10 EUR off your next bill',
      kind: 'bill-credit',
      eligible: 'customer.status == "active"',
      cost: { fixed: '10 EUR' },
      validDays: 14,
      prior: { acceptance: 0.3, uplift: 0.12 },
    },
  ],
  next: null,
};

@ApiTags('treatments')
@Controller('v1/treatments')
export class TreatmentsController {
  constructor(private readonly em: EntityManager) {}

  @Get()
  @ApiOperation({ summary: 'Lists the treatments, which the files in config/treatments declare' })
  @Answers(200, treatmentPage, example)
  async list() {
    return { items: await listTreatments(this.em), next: null };
  }
}
