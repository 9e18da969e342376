import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** Something that a person at the company has to check. There is one open alert for each kind and subject. */
export const Alert = defineEntity({
  name: 'Alert',
  tableName: 'alert',
  indexes: [
    {
      name: 'alert_open_unique',
      expression: (columns, table, name) =>
        `create unique index ${name} on ${table.toString()} ("kind", "subject") where cleared_at is null`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** What happened: `provider-down`, `provider-refuses`, `provider-slow`, `campaign-paused`, `files-broken`, `publication-not-used`, `files-not-published`, `events-stuck`. */
    kind: p.text(),
    /** Its subject: a channel, the id of a campaign, a file, a kind of process or of event. */
    subject: p.text(),
    /** One sentence for a person, without personal data. */
    detail: p.text(),
    raisedAt: p.datetime(),
    /** Null while it is open. */
    clearedAt: p.datetime().nullable(),
  },
});
export type Alert = InferEntity<typeof Alert>;
