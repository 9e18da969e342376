import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../../../libs/platform/cursor.js';
import { API_CONTEXT, type ApiContext } from '../context.js';
import { Answers } from '../http/answers.js';
import { pageStart } from '../http/list-query.js';
import { messagePage, messagePageExample, type MessageQuery, messageQuery } from './message.schema.js';
import { listMessages } from './messages.queries.js';

@ApiTags('messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(@Inject(API_CONTEXT) private readonly context: ApiContext) {}

  @Get()
  @ApiOperation({ summary: 'Lists the messages of the send ledger, newest first' })
  @Answers(200, messagePage, messagePageExample, [400])
  async list(@Query({ schema: messageQuery }) list: MessageQuery) {
    const { campaign = null, customer = null, state = null, channel = null } = list;
    const rows = await listMessages(this.context.orm.em.fork(), { campaign, customer, state, channel, ...pageStart(list) });
    return pageOf(rows, list.limit, (row) => row.id);
  }
}
