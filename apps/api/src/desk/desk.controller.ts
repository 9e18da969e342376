import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { decodeCursor, pageOf } from '../../../../libs/platform/cursor.js';
import { closeTask } from '../../../../libs/responses/desk.js';
import { countOpenTasks, listTasks } from '../../../../libs/responses/list-tasks.js';
import { CalledBy, type Caller } from '../access/caller.js';
import { API_CONTEXT, type ApiContext } from '../context.js';
import { Answers, Takes } from '../http/answers.js';
import { IdPipe } from '../http/validation.pipe.js';
import * as schemas from './desk.schemas.js';

@ApiTags('desk')
@Controller('v1/tasks')
export class DeskController {
  constructor(@Inject(API_CONTEXT) private readonly context: ApiContext) {}

  @Get()
  @ApiOperation({ summary: 'Lists the answers that wait for a person, and those that a person has read' })
  @Answers(200, schemas.taskPage, schemas.taskPageExample, [400])
  async list(@Query({ schema: schemas.taskQuery }) { state, kind, cursor, limit }: schemas.TaskQuery) {
    const em = this.context.orm.em.fork();
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const rows = await listTasks(em, { state, kind: kind ?? null, after, rows: limit + 1 }, this.context.clock.now());
    return { ...pageOf(rows, limit, (row) => row.id), open: await countOpenTasks(em) };
  }

  @Post(':id/close')
  @ApiOperation({ summary: 'Says what an answer meant, and does what that answer does' })
  @Takes(schemas.closeBody, { answer: 'accepted' })
  @Answers(200, schemas.closedOut, schemas.closedExample, [400, 404, 409])
  async close(
    @Param('id', IdPipe) id: string,
    @Body({ schema: schemas.closeBody }) { answer }: schemas.CloseBody,
    @CalledBy() { keyId }: Caller,
  ) {
    return closeTask(this.context.orm.em.fork(), id, answer, `api-key:${keyId}`, this.context.clock.now());
  }
}
