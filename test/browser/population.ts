import { readFile } from 'node:fs/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Enrolment } from '../../libs/campaigns/enrolment.entity.js';
import type { Outcome } from '../../libs/journeys/outcome.js';
import { closeEnrolment } from '../../libs/lifecycle/enrolments.js';
import { recordProgress } from '../../libs/campaigns/enrolment-progress.js';
import { parseDefinition } from '../../libs/campaigns/parse-definition.js';
import type { Message } from '../../libs/messaging/ledger/message.entity.js';
import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { projectFile } from '../../libs/platform/project-file.js';
import type { Answer } from '../../libs/journeys/answers/table.js';
import { Response } from '../../libs/responses/response.entity.js';
import { Decision, type Candidate } from '../../libs/offers/decision.entity.js';
import { acceptOffer } from '../../libs/offers/settle-offer.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  testNow,
  type MadeCampaign,
} from '../harness/factories.js';

const known = { treatments: ['bill-credit-10', 'discount-15', 'free-upgrade'], templates: ['save-offer', 'save-reminder'] };
const daysAgo = (days: number): Date => new Date(testNow.getTime() - days * day);

/** The campaign that ships with the project, live for six days. */
export async function populate(em: EntityManager): Promise<Population> {
  const source = await readFile(projectFile('config', 'campaigns', 'save-at-risk.yaml'), 'utf8');
  const definition = parseDefinition(source, known);
  const campaign = await makeCampaign(em, { key: definition.campaign, definition, source, launchedAt: daysAgo(6) });
  const people = new People(em, campaign);
  for (let n = 0; n < 6; n += 1) await people.offered({ message: { state: n % 2 === 0 ? 'delivered' : 'accepted' } });
  await people.offered({ name: 'Maximiliane Freifrau von und zu Hohenstein-Wartenberg', message: { state: 'planned' } });
  const saved = await people.answered('accepted', 'saved', { name: 'Ada Berg' });
  await people.answered('accepted', 'saved');
  await people.answered('declined', 'declined');
  await people.answered(null, 'lapsed');
  await people.deferred();
  await people.blocked({ name: 'Cem Demir' });
  await people.nothingPays({ name: 'Dora Endres' });
  const heldOut = await people.heldOut({ name: 'Emil Fuchs' });
  await people.heldOut({});
  await people.heldOut({ churnedAt: daysAgo(1) });
  return { campaign, people, saved, heldOut };
}

export interface Population {
  readonly campaign: MadeCampaign;
  readonly people: People;
  readonly saved: Enrolment;
  readonly heldOut: Enrolment;
}

interface Wish {
  readonly name?: string;
  readonly message?: Partial<Message>;
  readonly churnedAt?: Date;
}

/** Puts customers into a campaign, at the steps of a journey, with everything that it would have stored. */
export class People {
  constructor(
    private readonly em: EntityManager,
    private readonly campaign: MadeCampaign,
  ) {}

  /** Has been sent an offer, and is waited for. */
  async offered(wish: Wish): Promise<{ enrolment: Enrolment; offerId: string; messageId: string }> {
    const enrolment = await this.enrol(wish);
    const point = await makeContactPoint(this.em, enrolment.customer, 'email');
    const offer = await makeOffer(this.em, enrolment, { issuedAt: daysAgo(2), expiresAt: daysAgo(-12) });
    await query(this.em, 'update decision set candidates = $2 where id = $1', [offer.decision, JSON.stringify(candidates(2_150))]);
    const sent = wish.message?.state === 'planned' ? {} : { providerId: newId(), submittedAt: daysAgo(2), settledAt: daysAgo(2) };
    const message = await makeMessage(this.em, enrolment, point, {
      offer: offer.id,
      state: 'delivered',
      plannedAt: daysAgo(2),
      ...sent,
      ...wish.message,
    });
    await this.decide(enrolment, { step: 'offer', kind: 'send', subject: 'email', reasons: ['allowed'] });
    await this.walk(enrolment, ['next', 'next', 'next'], daysAgo(-2));
    return { enrolment, offerId: offer.id, messageId: message.id };
  }

  /** Was sent an offer, and came to an end with an answer or, where it is null, without. */
  async answered(answer: Answer | null, outcome: Outcome, wish: Wish = {}): Promise<Enrolment> {
    const { enrolment, offerId, messageId } = await this.offered({ ...wish, message: { state: 'delivered' } });
    const ways = answer === null ? ['silence', 'otherwise'] : [answer];
    await this.walk(enrolment, ['next', 'next', 'next', ...ways]);
    await this.em.transactional(async (tx) => {
      if (answer === 'accepted') await acceptOffer(tx, offerId, daysAgo(1));
      if (answer !== null) {
        await tx.insert(Response, {
          id: newId(),
          source: 'smtp',
          sourceId: newId(),
          channel: 'email',
          customer: enrolment.customer,
          enrolment: enrolment.id,
          message: messageId,
          answer,
          because: 'a word of the list',
          text: answer === 'accepted' ? 'Yes please' : 'No thanks',
          receivedAt: daysAgo(1),
        });
      }
      await closeEnrolment(tx, enrolment.id, outcome, daysAgo(1));
    });
    return enrolment;
  }

  /** May not be written to before morning. */
  async deferred(): Promise<void> {
    const enrolment = await this.enrol({});
    await this.decide(enrolment, {
      step: 'offer',
      kind: 'defer',
      subject: 'sms',
      reasons: ['quiet-hours'],
      cause: 'quiet-hours',
      until: daysAgo(-1),
    });
    await this.walk(enrolment, ['next', 'next'], daysAgo(-1));
  }

  /** Has agreed to no channel. */
  async blocked(wish: Wish): Promise<void> {
    const enrolment = await this.enrol(wish);
    await makeOffer(this.em, enrolment);
    await this.decide(enrolment, { step: 'offer', kind: 'block', subject: 'email', reasons: ['no-consent'], cause: 'no-consent' });
    await this.walk(enrolment, ['next', 'next', 'blocked']);
    await this.em.transactional((tx) => closeEnrolment(tx, enrolment.id, 'unreachable', daysAgo(2)));
  }

  async nothingPays(wish: Wish): Promise<void> {
    const enrolment = await this.enrol(wish);
    await this.decide(enrolment, { step: 'choose', kind: 'none', candidates: candidates(-340), reasons: ['nothing-pays'] });
    await this.walk(enrolment, ['next', 'nothing']);
    await this.em.transactional((tx) => closeEnrolment(tx, enrolment.id, 'nothing-pays', daysAgo(2)));
  }

  heldOut(wish: Wish): Promise<Enrolment> {
    return this.enrol(wish, { arm: 'holdout' });
  }

  /** Waits until the launch window has a free place. */
  async pending(): Promise<void> {
    await this.enrol({}, { state: 'pending', enteredAt: null, measureAt: null });
  }

  private async enrol({ name, churnedAt }: Wish, columns: Partial<Enrolment> = {}): Promise<Enrolment> {
    const gone = churnedAt === undefined ? {} : { status: 'churned' as const, churnedAt };
    // One made-up field, so that the notice of made-up answers is on the page.
    const customer = await makeCustomer(this.em, { ...(name !== undefined && { name }), ...gone, made: ['name', 'answers'] });
    return makeEnrolment(this.em, this.campaign, customer.id, { createdAt: daysAgo(3), enteredAt: daysAgo(3), ...columns });
  }

  /** Walks from the first step by these ways, and stands where the last one leads. */
  private async walk({ id }: Enrolment, ways: readonly string[], waitingUntil: Date | null = null): Promise<void> {
    const { first, steps } = this.campaign.definition.journey;
    let step: string | undefined = first;
    const visits = [...ways, null].flatMap((label, at) => {
      if (step === undefined) return [];
      const visit = { ordinal: at + 1, step, at: daysAgo(3).getTime() + at * 60_000, label };
      step = label === null ? undefined : steps[step]?.ways[label];
      return [visit];
    });
    if (visits.length <= ways.length) throw new Error(`The journey of ${this.campaign.key} has no way ${ways.join(', ')}`);
    await this.em.transactional((tx) => recordProgress(tx, id, this.campaign.id, visits, waitingUntil?.getTime() ?? null));
  }

  private async decide(enrolment: Enrolment, columns: Partial<Decision> & Pick<Decision, 'step' | 'kind'>): Promise<void> {
    await this.em.insert(Decision, {
      id: newId(),
      enrolment: enrolment.id,
      campaign: enrolment.campaign,
      customer: enrolment.customer,
      occurrence: 1,
      ordinal: 1,
      subject: null,
      candidates: [],
      reasons: [],
      until: null,
      at: daysAgo(2),
      ...columns,
    });
  }
}

/** @param value what the best of them is expected to bring, in minor units */
const candidates = (value: number): Candidate[] => [
  { key: 'bill-credit-10', eligible: true, value, reasons: [value > 0 ? 'pays' : 'does-not-pay'] },
  { key: 'discount-15', eligible: true, value: value - 900, reasons: ['does-not-pay'] },
  { key: 'free-upgrade', eligible: false, value: null, reasons: ['not-eligible'] },
  { key: 'nothing', eligible: true, value: 0, reasons: ['always-possible'] },
];
