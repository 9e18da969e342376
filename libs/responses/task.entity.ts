import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.js';
import { Enrolment } from '../campaigns/enrolment.entity.js';
import { namesWith, type Answer } from '../journeys/answers/table.js';
import { Response } from './response.entity.js';

/** The answers that a person at the desk reads. */
export const taskKinds = (): readonly TaskKind[] => namesWith(({ desk }) => desk === true);
export type TaskKind = Answer;

/** An answer that no rule may decide, which waits for a person. */
export const Task = defineEntity({
  name: 'Task',
  tableName: 'task',
  indexes: [
    { properties: ['customer'] },
    {
      name: 'task_open',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("due_at", "id") where closed_at is null`,
    },
    {
      name: 'task_closed',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("closed_at", "id") where closed_at is not null`,
    },
  ],
  uniques: [{ properties: ['response'] }],
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<TaskKind>(),
    response: p.manyToOne(Response).mapToPk().deleteRule('cascade'),
    customer: p.manyToOne(Customer).mapToPk(),
    enrolment: p.manyToOne(Enrolment).mapToPk().nullable().deleteRule('cascade'),
    createdAt: p.datetime(),
    dueAt: p.datetime(),
    closedAt: p.datetime().nullable(),
    /** The meaning that the person chose, or `none`. */
    resolution: p.text().nullable(),
    /** Who closed it: `api-key:<id>`. */
    closedBy: p.text().nullable(),
  },
});
export type Task = InferEntity<typeof Task>;
