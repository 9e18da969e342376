import { Module } from '@nestjs/common';
import { CampaignsController } from './campaigns.controller.js';
import { DefinitionSchemaController } from './definition-schema.controller.js';

@Module({ controllers: [CampaignsController, DefinitionSchemaController] })
export class CampaignsModule {}
