import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Delete, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Settings } from '../../../../config/settings.js';
import { eraseCustomer, type Erasable } from '../../../../libs/lifecycle/erase-customer.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { Answers, Takes } from '../http/answers.js';
import { externalId, id, instantOut } from '../http/list-query.js';
import { IdPipe } from '../http/validation.pipe.js';
import { CLOCK, SETTINGS } from '../providers.js';

const erasureBody = z.strictObject({ externalId: externalId.describe('the company’s own number of the customer') });
type ErasureBody = z.infer<typeof erasureBody>;
const erasureOut = z.object({
  customerId: id.describe('the remaining data under this id does not identify the customer'),
  erasedAt: instantOut,
  erasedBy: z.string(),
  removed: z.record(z.string(), z.int()).describe('how many rows of each kind were removed or emptied'),
});
const example = {
  customerId: '01995a3e-7c00-7000-8000-000000000001',
  erasedAt: '2026-03-02T12:00:00.000Z',
  erasedBy: 'api-key:01995a3e-7c00-7000-8000-000000000009',
  removed: { contactPoints: 2, consentEvents: 3, messages: 4, responses: 1 },
};

/** Erasure (GDPR article 17). A repeated erasure returns the first answer. */
@ApiTags('customers')
@Controller('v1')
export class ErasuresController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Delete('customers/:id')
  @ApiOperation({ summary: 'Erases a customer: the remaining data does not identify them. It cannot be undone' })
  @Answers(200, erasureOut, example, [404])
  async byId(@Param('id', IdPipe) customerId: string, @CalledBy() caller: Caller) {
    return this.erase({ customerId }, caller);
  }

  @Post('erasures')
  @ApiOperation({ summary: 'Erases a customer by the company’s own number. It cannot be undone' })
  @Takes(erasureBody, { externalId: '7590-VHVEG' })
  @Answers(200, erasureOut, example, [400, 404])
  async byExternalId(@Body({ schema: erasureBody }) whom: ErasureBody, @CalledBy() caller: Caller) {
    return this.erase(whom, caller);
  }

  private erase(whom: Erasable, { keyId }: Caller) {
    return eraseCustomer(this.em, whom, this.settings.secret, `api-key:${keyId}`, this.clock.now());
  }
}
