import { Module } from '@nestjs/common';
import { ScoreModelsController } from './score-models.controller.js';
import { ScoresController } from './scores.controller.js';

@Module({ controllers: [ScoresController, ScoreModelsController] })
export class ScoresModule {}
