import { Module } from '@nestjs/common';
import { TreatmentsController } from './treatments.controller.js';

@Module({ controllers: [TreatmentsController] })
export class TreatmentsModule {}
