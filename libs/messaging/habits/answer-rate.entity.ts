import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Channel } from '../../channels/table.js';

/** How the whole population answers, by channel and by the customer's local hour. The habits of one customer are shrunk towards it. */
export const AnswerRate = defineEntity({
  name: 'AnswerRate',
  tableName: 'answer_rate',
  properties: {
    channel: p.text().$type<Channel>().primary(),
    /** 0 to 23, by the customer's wall clock at the time of sending. */
    hour: p.integer().primary(),
    sent: p.bigint('number'),
    answered: p.bigint('number'),
    countedAt: p.datetime(),
  },
});
export type AnswerRate = InferEntity<typeof AnswerRate>;
