import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AlertsModule } from './alerts/alerts.module.js';
import { CampaignsModule } from './campaigns/campaigns.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { DeskModule } from './desk/desk.module.js';
import { InboundModule } from './inbound/inbound.module.js';
import { EnrolmentsModule } from './enrolments/enrolments.module.js';
import { EventsModule } from './events/events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { HealthModule } from './health/health.module.js';
import { type Host, HostModule } from './host.module.js';
import { HttpModule } from './http/http.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { PublicationsModule } from './publications/publications.module.js';
import { ScoresModule } from './scores/scores.module.js';
import { SegmentsModule } from './segments/segments.module.js';
import { SessionModule } from './session/session.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { TreatmentsModule } from './treatments/treatments.module.js';

/** The whole api: one module for each capability, with the connections of its host. */
@Module({
  imports: [
    HttpModule,
    AccessModule,
    HealthModule,
    SessionModule,
    CustomersModule,
    EventsModule,
    ScoresModule,
    SegmentsModule,
    TreatmentsModule,
    TemplatesModule,
    PublicationsModule,
    CampaignsModule,
    EnrolmentsModule,
    DecisionsModule,
    MessagesModule,
    ExportsModule,
    AlertsModule,
    DeskModule,
    InboundModule,
  ],
})
export class AppModule {
  static of(host: Host): DynamicModule {
    return { module: AppModule, imports: [HostModule.of(host)] };
  }
}
