import { Liquid, type Template } from 'liquidjs';

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
  /** @throws Error where a limit is passed or a name is not there */
  readonly render: (values: object) => string;
}

/** @throws Error with a line, where the text cannot be read */
export function parseLiquid(source: string, asMarkup: boolean): LiquidText {
  const engine = asMarkup ? markup : plain;
  const template = engine.parse(source);
  return {
    names: engine.globalFullVariablesSync(source),
    render: (values) => within(renderPatiently(engine, template, values)),
  };
}

/** A process that stood still for a moment is no fault of the template: what ran out of time alone is tried once more. */
function renderPatiently(engine: Liquid, template: Template[], values: object): string {
  try {
    return String(engine.renderSync(template, values));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('template render limit')) throw error;
    return String(engine.renderSync(template, values));
  }
}

function within(text: string): string {
  if (text.length > longest) throw new Error(`the text is longer than ${longest} characters`);
  return text;
}

/** A subject and a text message have no line breaks; a name must not be able to bring one in. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
