import { EntityManager } from '@mikro-orm/postgresql';
import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { findApiKey } from '../../../../libs/access/api-keys.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { keyOfSession } from '../../../../libs/access/sessions.js';
import type { Tokens } from '../../../../libs/platform/tokens.js';
import type { Settings } from '../../../../config/settings.js';
import { TOKENS, SETTINGS } from '../providers.js';
import { rememberCaller, type Caller } from './caller.js';
import { isSameOrigin } from './same-origin.js';
import { readSessionId } from './session.js';

const openHandler = 'perennial:open';

/** Marks a handler under /v1 that needs no key. */
export const Open = (): MethodDecorator & ClassDecorator => SetMetadata(openHandler, true);

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Everything under /v1 needs a key: as a Bearer token, or through the console's session. Other paths (the endpoints for customers and
 * providers, health) check their callers themselves.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly em: EntityManager,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<Request>();
    // Routes ignore case, so the guard must too.
    if (!/^\/v1(\/|$)/i.test(request.path)) return true;
    if (this.reflector.getAllAndOverride<boolean | undefined>(openHandler, [execution.getHandler(), execution.getClass()]) === true)
      return true;
    rememberCaller(request, await this.identify(request));
    return true;
  }

  private async identify(request: Request): Promise<Caller> {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
      const keyId = key === undefined ? undefined : await findApiKey(this.em, key);
      if (keyId === undefined) throw refused('The key is not valid');
      return { keyId };
    }
    const sessionId = readSessionId(this.tokens, request.headers.cookie);
    // Real time: a browser's session does not run on the campaign clock.
    const keyId = sessionId === undefined ? undefined : await keyOfSession(this.em, sessionId, new Date());
    if (keyId === undefined) throw refused('There is no key and no session');
    if (!safeMethods.has(request.method) && !isSameOrigin(request.headers, this.settings.http.publicUrl)) {
      throw new Problem('forbidden', 'A session may change data only from the console', [], 'Send the key as a Bearer token instead.');
    }
    return { keyId, sessionId };
  }
}

function refused(title: string): Problem {
  return new Problem('unauthenticated', title, [], 'Send `Authorization: Bearer pk_...` with a valid key.');
}
