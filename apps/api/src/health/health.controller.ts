import { MikroORM } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { askAll, postgresqlAnswers } from '../../../hosting/health.js';
import { CAMPAIGN_COMMANDS, type CampaignCommands } from '../campaigns/campaign-commands.js';
import { LOG } from '../providers.js';
import type { Logger } from '../../../../libs/platform/log.js';

const live = z.object({ live: z.literal(true) });
const ready = z.object({ ready: z.boolean(), postgresql: z.boolean(), temporal: z.boolean() });

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly orm: MikroORM,
    @Inject(LOG) private readonly log: Logger,
    @Inject(CAMPAIGN_COMMANDS) private readonly commands: CampaignCommands,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  @ApiResponse({ status: 200, standardSchema: live, description: 'It does', example: { live: true } })
  live() {
    return { live: true };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Everything that requests need is up' })
  @ApiResponse({ status: 200, standardSchema: ready, description: 'It is', example: { ready: true, postgresql: true, temporal: true } })
  @ApiResponse({
    status: 503,
    standardSchema: ready,
    description: 'It is not',
    example: { ready: false, postgresql: true, temporal: false },
  })
  async ready(@Res({ passthrough: true }) response: Response) {
    const answer = await askAll({ postgresql: () => postgresqlAnswers(this.orm), temporal: () => this.commands.ready() }, this.log);
    if (!answer.ready) response.status(503);
    return answer;
  }
}
