import { SettingsError } from '../../libs/platform/settings-error.js';
import { Problem } from '../../libs/platform/problem.js';
import { StackProblem } from '../cli/src/stack/part.js';

/**
 * The reason why a process or a command cannot work, for the person who runs it.
 * @returns undefined for a defect, which is shown with its stack
 */
export function explain(error: unknown): string | undefined {
  if (error instanceof Problem) {
    const places = error.places.map(({ where, what }) => `  ${where}: ${what}`);
    return [error.title, ...places, ...(error.remedy === undefined ? [] : [error.remedy])].join('\n');
  }
  if (error instanceof SettingsError || error instanceof StackProblem) return error.message;
  const { code, port, address, path } = error as NodeJS.ErrnoException & { readonly port?: number; readonly address?: string };
  if (code === 'EADDRINUSE') return `Port ${port} at ${address} is taken by another program. Stop that program, or set another port.`;
  if (code === 'EACCES' && port !== undefined) return `Port ${port} at ${address} may not be used by this user. Set another port.`;
  if (path !== undefined) return (error as Error).message;
  return undefined;
}
