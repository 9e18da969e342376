import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ProblemFilter } from './problem.filter.js';
import { ShapePipe } from './validation.pipe.js';

/** What holds for every request: input is validated, and errors become problems. */
@Module({
  providers: [
    { provide: APP_PIPE, useClass: ShapePipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class HttpModule {}
