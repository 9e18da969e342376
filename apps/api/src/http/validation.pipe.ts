import { Injectable, type PipeTransform, StandardSchemaValidationPipe } from '@nestjs/common';
import { isId } from '../../../../libs/platform/ids.js';
import { notFound, Problem } from '../../../../libs/platform/problem.js';

/** Checks whatever a handler declares with `{ schema }`, and reports every place that is wrong at once. */
export function createValidationPipe(): PipeTransform {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const places = issues.slice(0, 100).map((issue) => ({
        where: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'the request',
        what: issue.message,
      }));
      return new Problem('invalid', 'The request is not valid', places);
    },
  });
}

/** An id in a path: what could not be one is not found, like one that nobody has. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isId(value)) throw unfindable(value);
    return value.toLowerCase();
  }
}

/** The id or the key of a campaign in a path. */
@Injectable()
export class IdOrKeyPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isId(value)) return value.toLowerCase();
    if (!/^[A-Za-z0-9_.-]{1,200}$/.test(value)) throw unfindable(value);
    return value;
  }
}

const unfindable = (value: string): Problem => notFound('thing with the id', JSON.stringify(value.slice(0, 60)));
