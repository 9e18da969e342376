import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** The caller of the control API: the key itself, or a session that was opened with it. */
export interface Caller {
  readonly keyId: string;
  /** The session, if there is one. */
  readonly sessionId?: string | undefined;
}

const callers = new WeakMap<Request, Caller>();

export function rememberCaller(request: Request, caller: Caller): void {
  callers.set(request, caller);
}

/** The caller that the guard accepted. */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('The request did not pass the access guard');
  return caller;
}

/** The caller, as a handler's parameter. */
export const CalledBy = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context.switchToHttp().getRequest()));
