import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/**
 * Until the transaction of `tx` ends, nobody else enrols into this campaign, lets customers in, or changes its state. Take it first: the
 * next statement then sees everything that the previous holder wrote. It is not a lock on the campaign's row, because running journeys
 * reserve budget there and should not wait for a sweep.
 */
export async function lockCampaign(tx: EntityManager, campaignId: string): Promise<void> {
  await query(tx, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`campaign:${campaignId}`]);
}

/**
 * Until the transaction of `tx` ends, the enrolment's campaign is neither paused nor resumed. Many journeys hold this at once. Without it
 * an effect could see the pause, and mark its enrolment as paused after the resume had already looked for paused enrolments.
 */
export async function keepState(tx: EntityManager, enrolmentId: string): Promise<void> {
  await query(
    tx,
    `select pg_advisory_xact_lock_shared(hashtextextended('campaign-state:' || campaign_id, 0)) from enrolment where id = $1`,
    [enrolmentId],
  );
}

/** The same for signalling many journeys: the campaign's state stays as it is until `tx` ends. Take the enrolments' rows before it, as effects do. */
export async function keepStateOf(tx: EntityManager, campaignId: string): Promise<void> {
  await query(tx, `select pg_advisory_xact_lock_shared(hashtextextended('campaign-state:' || $1, 0))`, [campaignId]);
}

/** Waits for every effect that has read the campaign's state, and keeps others from reading it until `tx` ends. */
export async function lockState(tx: EntityManager, campaignId: string): Promise<void> {
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('campaign-state:' || $1, 0))`, [campaignId]);
}
