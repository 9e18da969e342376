import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelsSetUp } from '../../../../libs/channels/set-up.js';
import type { PolicyTables } from '../../../../libs/messaging/contact-policy/policy-tables.js';
import { decodeCursor, pageOf } from '../../../../libs/platform/cursor.js';
import { newId } from '../../../../libs/platform/ids.js';
import { closeTask } from '../../../../libs/responses/desk.js';
import { replyToTask } from '../../../../libs/responses/desk-reply.js';
import { viewTasks } from '../../../../libs/responses/desk-view.js';
import { countOpenTasks } from '../../../../libs/responses/list-tasks.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import type { Settings } from '../../../../config/settings.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { CLOCK, SETTINGS } from '../providers.js';
import { Answers, idempotencyHeader, Takes } from '../http/answers.js';
import { IdPipe } from '../http/validation.pipe.js';
import { policyInForce } from '../../../../libs/publishing/policy.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import * as schemas from './desk.schemas.js';

@ApiTags('desk')
@Controller('v1/tasks')
export class DeskController {
  private readonly policy: () => PolicyTables;

  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
    content: PublishedContent,
  ) {
    this.policy = policyInForce(content, channelsSetUp(settings));
  }

  @Get()
  @ApiOperation({ summary: 'Lists the answers that wait for a person, and those that a person has handled' })
  @Answers(200, schemas.taskPage, schemas.taskPageExample, [400])
  async list(@Query({ schema: schemas.taskQuery }) { state, kind, cursor, limit }: schemas.TaskQuery) {
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const rows = await viewTasks(this.em, { state, kind: kind ?? null, after, rows: limit + 1 }, this.policy(), this.clock);
    return { ...pageOf(rows, limit, (row) => row.id), open: await countOpenTasks(this.em) };
  }

  @Post(':id/reply')
  @ApiOperation({ summary: 'Writes back to the customer on the channel of the answer; the task stays open' })
  @idempotencyHeader
  @Takes(schemas.replyBody, { text: schemas.replyExample.text })
  @Answers(201, schemas.replyOut, schemas.replyExample, [400, 404, 409])
  async reply(
    @Param('id', IdPipe) id: string,
    @Body({ schema: schemas.replyBody }) { text }: schemas.ReplyBody,
    @CalledBy() { keyId }: Caller,
    // Stored with the reply itself, in its transaction, so that a crash after it leaves no uncertainty.
    @Headers('Idempotency-Key') key?: string,
  ) {
    const reply = { taskId: id, text, key: key ?? newId(), by: `api-key:${keyId}` };
    return replyToTask(this.em, reply, this.policy(), this.clock);
  }

  @Post(':id/close')
  @ApiOperation({ summary: 'Records what an answer meant, and does what follows from it' })
  @Takes(schemas.closeBody, { answer: 'accepted' })
  @Answers(200, schemas.closedOut, schemas.closedExample, [400, 404, 409])
  async close(
    @Param('id', IdPipe) id: string,
    @Body({ schema: schemas.closeBody }) { answer }: schemas.CloseBody,
    @CalledBy() { keyId }: Caller,
  ) {
    return closeTask(this.em, id, answer, `api-key:${keyId}`, this.clock.now());
  }
}
