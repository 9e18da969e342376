import { analyzeSync, filters, Output, type Context, type Emitter, type Template } from 'liquidjs';
import { lookUp } from './missing-values.js';

/** `customer.name`: a value by its name, without filters. */
const dotted = /^\s*([a-z_]+(?:\.[a-z_]+)+)\s*$/;

/**
 * Looks up plain values of a template directly. Nearly all values are plain, and Liquid's interpreter takes ten times as long. Liquid still
 * handles missing values, and every template that sets its own variables, because they may hide ours.
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
      // Liquid's path refuses an empty value.
      if (typeof value !== 'string' || value === '') return output.render(context, emitter);
      emitter.write(asMarkup ? escape(context, value) : value);
      return undefined;
    },
  };
}

/** Liquid's own filter, which needs only the context with the rendering limits. */
function escape(context: Context, value: string): string {
  return (filters['escape'] as (this: { readonly context: Context }, value: string) => string).call({ context }, value);
}
