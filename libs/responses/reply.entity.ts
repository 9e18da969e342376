import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Message } from '../messaging/ledger/message.entity.js';
import { Task } from './task.entity.js';

/** What a person at the desk wrote to a customer: the words of one message of the ledger, which belongs to a task. */
export const Reply = defineEntity({
  name: 'Reply',
  tableName: 'reply',
  uniques: [{ properties: ['task', 'key'] }],
  properties: {
    message: p.oneToOne(Message).mapToPk().primary().deleteRule('cascade').updateRule('no action'),
    task: p.manyToOne(Task).mapToPk().deleteRule('cascade'),
    /** Names one click: the same again sends nothing more. */
    key: p.text(),
    /** As it was written; never rendered as a template. */
    text: p.text(),
    writtenAt: p.datetime(),
    /** Who wrote it: `api-key:<id>`. */
    writtenBy: p.text(),
  },
});
export type Reply = InferEntity<typeof Reply>;
