import { Module } from '@nestjs/common';
import { EnrolmentsController } from './enrolments.controller.js';

@Module({ controllers: [EnrolmentsController] })
export class EnrolmentsModule {}
