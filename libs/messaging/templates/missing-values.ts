import { analyzeSync, toValueSync, type Context, type Emitter, type Liquid, type Template } from 'liquidjs';

/** A text would show a value that is not there: `Your code: ` and nothing after it. */
export class MissingValue extends Error {
  constructor(readonly value: string) {
    super(`{{ ${value} }} is empty here, and has nothing to fall back to`);
    this.name = 'MissingValue';
  }
}

/**
 * Has everything that the template puts out refuse to put out nothing. A part with a fallback (`| default: 'you'`) may,
 * and what stands in a condition that does not hold is not put out at all.
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

/** Also what was cut away to nothing, or comes from a variable of the template's own. */
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

/** A value by its path; undefined if it is not simply there. */
export function lookUp(values: unknown, path: readonly string[]): unknown {
  return path.reduce((within, name) => (isObject(within) && Object.hasOwn(within, name) ? within[name] : undefined), values);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
