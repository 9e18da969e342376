import { analyzeSync, filters, Output, type Context, type Emitter, type Template } from 'liquidjs';
import { lookUp } from './missing-values.js';

/** `customer.name`: a value by its name, with nothing done to it. */
const dotted = /^\s*([a-z_]+(?:\.[a-z_]+)+)\s*$/;

/**
 * Has the values that a template only names looked up directly. They are nearly all of it, and Liquid's interpreter takes
 * ten times as long. What is not simply there is still Liquid's to judge, and so is all of a template that sets variables
 * of its own, since they may hide ours.
 */
export function withDirectValues(template: readonly Template[], asMarkup: boolean): Template[] {
  const setsNone = Object.keys(analyzeSync([...template]).locals).length === 0;
  return template.map((each) => {
    const path = setsNone && each instanceof Output ? dotted.exec(each.token.getText().slice(2, -2))?.[1]?.split('.') : undefined;
    return path === undefined ? each : directly(each, path, asMarkup);
  });
}

function directly(output: Template, path: readonly string[], asMarkup: boolean): Template {
  return {
    token: output.token,
    render: (context: Context, emitter: Emitter): unknown => {
      const value = lookUp(context.environments, path);
      // An empty one is refused there.
      if (typeof value !== 'string' || value === '') return output.render(context, emitter);
      emitter.write(asMarkup ? escape(context, value) : value);
      return undefined;
    },
  };
}

/** Liquid's own filter, which reads nothing of what it belongs to but the limits of the rendering. */
function escape(context: Context, value: string): string {
  return (filters['escape'] as (this: { readonly context: Context }, value: string) => string).call({ context }, value);
}
