import { Module } from '@nestjs/common';
import { ScoreKindsController } from './score-kinds.controller.js';
import { ScoreModelsController } from './score-models.controller.js';
import { ScoresController } from './scores.controller.js';

@Module({ controllers: [ScoresController, ScoreModelsController, ScoreKindsController] })
export class ScoresModule {}
