import { analyzeSync, toValueSync, type Context, type Emitter, type Liquid, type Template } from 'liquidjs';

/** A text would show a missing value: `Your code: ` and nothing after it. */
export class MissingValue extends Error {
  constructor(readonly value: string) {
    super(`{{ ${value} }} is empty here, and has nothing to fall back to`);
    this.name = 'MissingValue';
  }
}

/**
 * Makes every output of the template refuse an empty value. An output with a fallback (`| default: 'you'`) is allowed, and an output in a
 * condition that does not hold is not evaluated.
 */
export function refuseMissing(engine: Liquid, template: readonly Template[]): void {
  for (const each of template) {
    if (putsOut(each)) refuseIn(engine, each);
    if (each.children !== undefined) refuseMissing(engine, toValueSync<Template[]>(each.children(false, true)));
  }
}

/** `{{ … }}` and `{% echo … %}`. */
interface PutsOut extends Template {
  readonly value: { readonly filters: readonly { readonly name: string }[] };
}

function putsOut(template: Template): template is PutsOut {
  const { value } = template as { value?: { filters?: unknown } };
  return typeof value === 'object' && Array.isArray(value.filters) && ['Output', 'EchoTag'].includes(template.constructor.name);
}

function refuseIn(engine: Liquid, part: PutsOut): void {
  if (part.value.filters.some(({ name }) => name === 'default')) return;
  const [first] = Object.keys(analyzeSync([part]).variables);
  if (first === undefined) return;
  const names = engine.globalFullVariablesSync([part]);
  const shown = names[0] ?? first;
  const render = part.render.bind(part);
  part.render = (context: Context, emitter: Emitter): unknown => {
    const missing = names.find((name) => lookUp(context.environments, name.split('.')) === '');
    if (missing !== undefined) throw new MissingValue(missing);
    return render(context, new Watched(emitter, shown));
  };
}

/** Also a value that a filter made empty, or one from the template's own variable. */
class Watched implements Emitter {
  readonly buffer = '';

  constructor(
    private readonly to: Emitter,
    private readonly value: string,
  ) {}

  write(written: unknown): void {
    if (written === '' || written === null || written === undefined) throw new MissingValue(this.value);
    this.to.write(written);
  }
}

/** A value by its path; undefined if it does not exist directly. */
export function lookUp(values: unknown, path: readonly string[]): unknown {
  return path.reduce((within, name) => (isObject(within) && Object.hasOwn(within, name) ? within[name] : undefined), values);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
