import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { CAMPAIGN_COMMANDS, type CampaignCommands } from './campaigns/campaign-commands.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { DefinitionSchemaController } from './campaigns/definition-schema.controller.js';
import { API_CONTEXT, type ApiContext } from './context.js';
import { CustomersController } from './customers/customers.controller.js';
import { DecisionsController } from './decisions/decisions.controller.js';
import { DeskController } from './desk/desk.controller.js';
import { DoorsModule } from './doors/doors.module.js';
import { EnrolmentsController } from './enrolments/enrolments.controller.js';
import { EventsController } from './events/events.controller.js';
import { ExportsController } from './exports/exports.controller.js';
import { HealthController } from './health/health.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { createValidationPipe } from './http/validation.pipe.js';
import { MessagesController } from './messages/messages.controller.js';
import { ScoreModelsController } from './scores/score-models.controller.js';
import { ScoresController } from './scores/scores.controller.js';
import { SegmentsController } from './segments/segments.controller.js';
import { SessionController } from './session/session.controller.js';
import { TemplatesController } from './templates/templates.controller.js';
import { TreatmentsController } from './treatments/treatments.controller.js';

/** What the api is built of beyond its context. */
export interface ApiParts {
  readonly context: ApiContext;
  readonly commands: CampaignCommands;
}

/** What every module may inject. */
@Module({})
class PartsModule {
  static of({ context, commands }: ApiParts): DynamicModule {
    const providers = [
      { provide: API_CONTEXT, useValue: context },
      { provide: CAMPAIGN_COMMANDS, useValue: commands },
    ];
    return { module: PartsModule, global: true, providers, exports: providers };
  }
}

@Module({ controllers: [CustomersController] })
class CustomersModule {}

@Module({ controllers: [EventsController] })
class EventsModule {}

@Module({ controllers: [ScoresController, ScoreModelsController] })
class ScoresModule {}

@Module({ controllers: [SegmentsController] })
class SegmentsModule {}

@Module({ controllers: [TreatmentsController] })
class TreatmentsModule {}

@Module({ controllers: [TemplatesController] })
class TemplatesModule {}

@Module({ controllers: [CampaignsController, DefinitionSchemaController] })
class CampaignsModule {}

@Module({ controllers: [EnrolmentsController] })
class EnrolmentsModule {}

@Module({ controllers: [DecisionsController] })
class DecisionsModule {}

@Module({ controllers: [MessagesController] })
class MessagesModule {}

@Module({ controllers: [ExportsController] })
class ExportsModule {}

@Module({ controllers: [AlertsController] })
class AlertsModule {}

@Module({ controllers: [DeskController] })
class DeskModule {}

@Module({ controllers: [SessionController] })
class SessionModule {}

@Module({ controllers: [HealthController] })
class HealthModule {}

/** The whole api: one module a capability, and what holds for every request. */
@Module({})
export class AppModule {
  static of(parts: ApiParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PartsModule.of(parts),
        HealthModule,
        SessionModule,
        CustomersModule,
        EventsModule,
        ScoresModule,
        SegmentsModule,
        TreatmentsModule,
        TemplatesModule,
        CampaignsModule,
        EnrolmentsModule,
        DecisionsModule,
        MessagesModule,
        ExportsModule,
        AlertsModule,
        DeskModule,
        DoorsModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useFactory: createValidationPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(parts.context.log) },
      ],
    };
  }
}
