import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { checkShape, placesOf } from '../../../../libs/platform/check-shape.js';
import { isId } from '../../../../libs/platform/ids.js';
import { notFound, Problem } from '../../../../libs/platform/problem.js';

/** The most places in one answer; the caller fixes these first. */
const mostPlaces = 100;

/** Checks every input that a handler declares with `{ schema }`, and reports all wrong places at once. */
@Injectable()
export class ShapePipe implements PipeTransform {
  /** @throws Problem invalid */
  transform(value: unknown, { schema, type, data: name }: ArgumentMetadata): unknown {
    if (schema === undefined || type === 'custom') return value;
    if (!(schema instanceof z.ZodType)) throw new Error('A handler declares a schema of zod, or none');
    const { data, wrong } = checkShape(schema, value);
    if (wrong === undefined) return data;
    const places = placesOf(wrong.slice(0, mostPlaces), name ?? `the ${type}`);
    throw new Problem('invalid', 'The request is not valid', places);
  }
}

/** An id in a path: an invalid one is "not found", like an unknown one. */
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
