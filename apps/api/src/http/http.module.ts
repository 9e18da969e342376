import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ProblemFilter } from './problem.filter.js';
import { ShapePipe } from './validation.pipe.js';

/** For every request: validates input, and turns errors into problems. */
@Module({
  providers: [
    { provide: APP_PIPE, useClass: ShapePipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class HttpModule {}
