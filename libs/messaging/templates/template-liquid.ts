import { Context, Liquid, toValueSync, type Emitter, type Template } from 'liquidjs';
import { withDirectValues } from './liquid-values.js';
import { MissingValue, refuseMissing } from './missing-values.js';

/**
 * Liquid's own limits are infinite. These are: characters parsed; milliseconds of one rendering; objects and characters that it
 * may hold, a range counting as long as it is. No file is ever read, and nothing is known that was not passed in.
 */
const limits = { parseLimit: 200_000, renderLimit: 50, memoryLimit: 1_000_000, templates: {} };
const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true };
const markup = new Liquid({ ...limits, ...strict, outputEscape: 'escape' });
const plain = new Liquid({ ...limits, ...strict });

/** Characters: what no message is as long as, and what is cheap to go through. */
const longest = 400_000;

/** A Liquid text, parsed once. */
export interface LiquidText {
  /** Dotted names of all that it reads from outside. */
  readonly names: readonly string[];
  /**
   * Writes the text in pieces: put together they are the text. Those that stand in the template come as the very same
   * strings each time, so that what was made of one need not be made again.
   * @throws MissingValue if it would show a value that is not there; Error where a limit is passed or a name is not there
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

/** Liquid's clock goes on while the machine does other things, which is not an error of the template: that is tried again. */
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

/** Liquid puts its own error around what is thrown inside. */
function causeOf(error: unknown): unknown {
  const { originalError } = error as { originalError?: unknown };
  return originalError instanceof MissingValue ? originalError : error;
}

/** In a row; each is 50 ms in which the machine did something else. */
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

/** Takes what Liquid writes as it comes, instead of putting it together. */
class Pieces implements Emitter {
  readonly pieces: string[] = [];
  /** Asked for at the end of each rendering; nobody looks at it. */
  readonly buffer = '';

  write(value: unknown): void {
    this.pieces.push(asText(value));
  }
}

/** As Liquid has it: a list without anything between, and nothing for nothing. */
function asText(value: unknown): string {
  return Array.isArray(value) ? value.map(asText).join('') : [value].join('');
}

function within(pieces: readonly string[]): readonly string[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > longest) throw new Error(`the text is longer than ${longest} characters`);
  return pieces;
}
