import { Context, Liquid, toValueSync, type Emitter, type Template } from 'liquidjs';
import { withDirectValues } from './liquid-values.js';
import { MissingValue, refuseMissing } from './missing-values.js';

/**
 * Liquid's own limits are infinite. These are: characters parsed; milliseconds of one rendering; objects and characters that it may hold,
 * where a range counts with its length. No file is ever read, and only the passed values exist.
 */
const limits = { parseLimit: 200_000, renderLimit: 50, memoryLimit: 1_000_000, templates: {} };
const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true };
const markup = new Liquid({ ...limits, ...strict, outputEscape: 'escape' });
const plain = new Liquid({ ...limits, ...strict });

/** Characters: longer than any message, and still cheap to process. */
const longest = 400_000;

/** A Liquid text, parsed once. */
export interface LiquidText {
  /** The dotted names of all outside values that it reads. */
  readonly names: readonly string[];
  /**
   * Renders the text in pieces, to be joined. The constant pieces of the template are the same string objects each time, so that results
   * for them can be cached.
   * @throws MissingValue if it would show a missing value; Error if a limit is exceeded or a name does not exist
   */
  readonly render: (values: object) => readonly string[];
}

/** @throws Error with a line, if the text cannot be read */
export function parseLiquid(source: string, asMarkup: boolean): LiquidText {
  const engine = asMarkup ? markup : plain;
  const parsed = engine.parse(source);
  refuseMissing(engine, parsed);
  const template = withDirectValues(parsed, asMarkup);
  return {
    names: engine.globalFullVariablesSync(source),
    render: (values) => within(renderPatiently(engine, template, values)),
  };
}

/** Liquid's time limit also counts time in which the machine did other work. That is not an error of the template, so rendering is retried. */
function renderPatiently(engine: Liquid, template: Template[], values: object): readonly string[] {
  let began: NodeJS.CpuUsage | undefined;
  for (let stalls = 0; ; stalls += 1) {
    try {
      return render(engine, template, values);
    } catch (error) {
      if (!isOutOfTime(error) || stalls === mostStalls) throw causeOf(error);
      const { user, system } = process.threadCpuUsage(began);
      if (began !== undefined && (user + system) / 1_000 > limits.renderLimit / 2) throw error;
      began = process.threadCpuUsage();
    }
  }
}

/** Liquid wraps an error that is thrown inside in its own error. */
function causeOf(error: unknown): unknown {
  const { originalError } = error as { originalError?: unknown };
  return originalError instanceof MissingValue ? originalError : error;
}

/** The most stalls in a row; each is 50 ms in which the machine did something else. */
const mostStalls = 100;

function isOutOfTime(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('template render limit');
}

function render(engine: Liquid, template: Template[], values: object): readonly string[] {
  const written = new Pieces();
  const context = new Context(values, engine.options, { sync: true }, { liquid: engine });
  toValueSync(engine.renderer.renderTemplates(template, context, written));
  return written.pieces;
}

/** Collects the pieces that Liquid writes, instead of joining them. */
class Pieces implements Emitter {
  readonly pieces: string[] = [];
  /** Liquid reads it at the end of each rendering; it is not used. */
  readonly buffer = '';

  write(value: unknown): void {
    this.pieces.push(asText(value));
  }
}

/** Like Liquid: a list is joined without separators, and null is empty. */
function asText(value: unknown): string {
  return Array.isArray(value) ? value.map(asText).join('') : [value].join('');
}

function within(pieces: readonly string[]): readonly string[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > longest) throw new Error(`the text is longer than ${longest} characters`);
  return pieces;
}
