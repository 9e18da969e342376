import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Delete, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { findApiKey } from '../../../../libs/access/api-keys.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { endSession, openSession } from '../../../../libs/access/sessions.js';
import type { Tokens } from '../../../../libs/platform/tokens.js';
import type { Settings } from '../../../../config/settings.js';
import { Open } from '../access/access.guard.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { isSameOrigin } from '../access/same-origin.js';
import { noSessionCookie, sessionCookie } from '../access/session.js';
import { TOKENS, SETTINGS } from '../providers.js';
import { Answers, Takes } from '../http/answers.js';

const body = z.object({ key: z.string().trim().min(1).max(200) });
const answer = z.object({ open: z.boolean() });

/** The console's sign-in: a key is exchanged for a cookie that scripts cannot read. */
@ApiTags('session')
@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly em: EntityManager,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Post()
  @Open()
  @ApiOperation({ summary: 'Opens a session in this browser' })
  @Takes(body, { key: 'pk_...' })
  @Answers(200, answer, { open: true }, [400])
  async open(
    @Body({ schema: body }) { key }: z.infer<typeof body>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const fromBrowser = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
    if (fromBrowser && !isSameOrigin(request.headers, this.settings.http.publicUrl)) {
      throw new Problem('forbidden', 'A session is opened from the console only');
    }
    const keyId = await findApiKey(this.em, key);
    if (keyId === undefined) throw new Problem('unauthenticated', 'The key is not valid', [], 'Make another with `perennial key NAME`.');
    // Real time: a browser's session does not run on the campaign clock.
    const sessionId = await openSession(this.em, keyId, new Date());
    response.setHeader('Set-Cookie', sessionCookie(this.tokens, sessionId, this.secure()));
    return { open: true };
  }

  @Delete()
  @ApiOperation({ summary: 'Ends the session: its cookie gives no more access' })
  @Answers(200, answer, { open: false })
  async close(@CalledBy() { sessionId }: Caller, @Res({ passthrough: true }) response: Response) {
    if (sessionId !== undefined) await endSession(this.em, sessionId);
    response.setHeader('Set-Cookie', noSessionCookie(this.secure()));
    return { open: false };
  }

  private secure(): boolean {
    return this.settings.http.publicUrl.startsWith('https:');
  }
}
