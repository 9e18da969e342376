import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import { types } from 'pg';
import { Campaign } from '../campaigns/campaign.entity.js';
import { CampaignVersion } from '../campaigns/campaign-version.entity.js';
import { Enrolment } from '../campaigns/enrolment.entity.js';
import { TriggerState } from '../campaigns/trigger-state.entity.js';
import { ConsentEvent } from '../customers/consent-event.entity.js';
import { ContactPoint } from '../customers/contact-point.entity.js';
import { CustomerEvent } from '../customers/customer-event.entity.js';
import { Customer } from '../customers/customer.entity.js';
import { Suppression } from '../customers/suppression.entity.js';
import { PendingSignal } from '../journeys/journey-signal.entity.js';
import { StepVisit } from '../journeys/step-visit.entity.js';
import { AnswerRate } from '../messaging/habits/answer-rate.entity.js';
import { Message } from '../messaging/ledger/message.entity.js';
import { Provider } from '../messaging/providers/provider.entity.js';
import { Alert } from '../platform/alert.entity.js';
import { ApiKey } from '../platform/api-key.entity.js';
import { Session } from '../platform/session.entity.js';
import { IdempotentRequest } from '../platform/idempotent-request.entity.js';
import { RunningProcess } from '../platform/process.entity.js';
import { Reply } from '../responses/reply.entity.js';
import { Response } from '../responses/response.entity.js';
import { Task } from '../responses/task.entity.js';
import { ScoreModel } from '../scoring/score-model.entity.js';
import { Score } from '../scoring/score.entity.js';
import { Segment } from '../segments/segment.entity.js';
import { Decision } from '../treatments/decision.entity.js';
import { Offer } from '../treatments/offer.entity.js';
import { Treatment } from '../treatments/treatment.entity.js';
import { migrations } from './migrations/index.js';
import { SteadyPostgreSqlDriver } from './steady-driver.js';

const entities = [
  Customer,
  ContactPoint,
  ConsentEvent,
  Suppression,
  CustomerEvent,
  ScoreModel,
  Score,
  Segment,
  Campaign,
  CampaignVersion,
  TriggerState,
  Enrolment,
  StepVisit,
  PendingSignal,
  Treatment,
  Decision,
  Offer,
  Message,
  Response,
  Task,
  Reply,
  Provider,
  AnswerRate,
  Alert,
  ApiKey,
  Session,
  IdempotentRequest,
  RunningProcess,
];

/** Instants come back as Date and bigint as number (all of ours stay below 2^53), from the ORM and from plain SQL alike. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [types.builtins.TIMESTAMPTZ]: (text) => new Date(text),
  [types.builtins.INT8]: Number,
  [types.builtins.NUMERIC]: Number,
};
const getTypeParser = (oid: number, format?: 'text' | 'binary'): unknown =>
  parsers[oid] ?? (types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format);

/**
 * Opens the database. Fork `orm.em` for each request, job and activity.
 * @param pool connections to keep at most
 */
export async function openOrm(database: { readonly url: string; readonly pool: number }): Promise<MikroORM> {
  return MikroORM.init(
    defineConfig({
      driver: SteadyPostgreSqlDriver,
      clientUrl: database.url,
      entities,
      pool: { min: 0, max: database.pool },
      extensions: [Migrator],
      logger: () => undefined,
      migrations: { migrationsList: migrations, snapshot: false, transactional: true },
      forceUtcTimezone: true,
      driverOptions: { types: { getTypeParser } },
    }),
  );
}

/** Brings the schema up to date. Safe to run from several processes at once: the first does it, the others wait. */
export async function migrate(orm: MikroORM): Promise<void> {
  const lock = 7_273_656;
  await orm.em.fork().transactional(async (em) => {
    await em.execute(`select pg_advisory_xact_lock(${String(lock)})`);
    await orm.migrator.up();
  });
}
