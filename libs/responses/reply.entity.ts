import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Message } from '../messaging/ledger/message.entity.js';
import { Task } from './task.entity.js';

/** A reply of a person at the desk to a customer: the text of one message of the ledger, which belongs to a task. */
export const Reply = defineEntity({
  name: 'Reply',
  tableName: 'reply',
  uniques: [{ properties: ['task', 'key'] }],
  properties: {
    message: p.oneToOne(Message).mapToPk().primary().deleteRule('cascade').updateRule('no action'),
    task: p.manyToOne(Task).mapToPk().deleteRule('cascade'),
    /** The key of one click: the same key again sends nothing more. */
    key: p.text(),
    /** As it was written; never rendered as a template. */
    text: p.text(),
    writtenAt: p.datetime(),
    /** Who wrote it: `api-key:<id>`. */
    writtenBy: p.text(),
  },
});
export type Reply = InferEntity<typeof Reply>;
