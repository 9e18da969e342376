import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelsSetUp } from '../../../../libs/channels/set-up.js';
import { listProviders } from '../../../../libs/messaging/providers/providers.js';
import { listAlerts } from '../../../../libs/access/alerts.js';
import { pageOf } from '../../../../libs/platform/cursor.js';
import type { Settings } from '../../../../config/settings.js';
import { SETTINGS } from '../providers.js';
import { Answers } from '../http/answers.js';
import { pageStart } from '../http/list-query.js';
import { alertPage, type AlertQuery, alertQuery, alertsExample, providersExample, providersOut } from './alerts.schemas.js';

@ApiTags('alerts')
@Controller('v1')
export class AlertsController {
  constructor(
    private readonly em: EntityManager,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get('alerts')
  @ApiOperation({ summary: 'Lists what somebody has to look at: open alerts first, then newest first' })
  @Answers(200, alertPage, alertsExample, [400])
  async list(@Query({ schema: alertQuery }) list: AlertQuery) {
    const { before, rows } = pageStart(list);
    return pageOf(await listAlerts(this.em, { open: list.open ?? null, after: before, rows }), list.limit, (row) => row.id);
  }

  @Get('providers')
  @ApiOperation({ summary: 'How the provider of each channel fares' })
  @Answers(200, providersOut, providersExample)
  async providers() {
    const on = channelsSetUp(this.settings);
    const items = (await listProviders(this.em)).map((provider) => ({
      ...provider,
      setUp: on.includes(provider.channel),
      ratePerSecond: this.settings.channels[provider.channel].ratePerSecond,
    }));
    return { items, next: null };
  }
}
