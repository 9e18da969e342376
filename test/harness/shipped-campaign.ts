import { readFileSync } from 'node:fs';
import type { EntityManager } from '@mikro-orm/postgresql';
import { parseDefinition } from '../../libs/campaigns/parse-definition.js';
import type { Customer } from '../../libs/customers/customer.entity.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { loadTreatmentFiles } from '../../libs/treatments/treatments.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeScore, type MadeCampaign } from './factories.js';
import { zoneWhereItIs } from './zones.js';

export interface Entered {
  readonly enrolmentId: string;
  readonly campaign: MadeCampaign;
  readonly customer: Customer;
  readonly enteredAt: Date;
}

/** Makes a separate live campaign from the project's file. */
export async function makeShippedCampaign(em: EntityManager): Promise<MadeCampaign> {
  const treatments = await loadTreatmentFiles(projectFile('config', 'treatments'));
  const source = readFileSync(projectFile('config', 'campaigns', 'save-at-risk.yaml'), 'utf8');
  const definition = parseDefinition(source, {
    treatments: treatments.map(({ treatment }) => treatment),
    templates: ['save-offer', 'save-reminder'],
  });
  return makeCampaign(em, { definition, treatments });
}

/** Makes a customer at risk who may be written to on both channels at any time: it is early afternoon in their zone. */
export async function makeSomebodyAtRisk(em: EntityManager, now: Date): Promise<Customer> {
  const customer = await makeCustomer(em, {
    name: 'Ines Moreau',
    timeZone: zoneWhereItIs(13, now),
    monthlyCharge: 9_000,
    tenure: 5,
    createdAt: now,
    updatedAt: now,
  });
  await makeContactPoint(em, customer.id, 'email');
  await makeContactPoint(em, customer.id, 'sms');
  await makeScore(em, customer.id, 0.8);
  return customer;
}

/** Lets a customer at risk enter the project's campaign. */
export async function enterShippedCampaign(em: EntityManager, enteredAt: Date): Promise<Entered> {
  const campaign = await makeShippedCampaign(em);
  const customer = await makeSomebodyAtRisk(em, enteredAt);
  const measureAt = new Date(enteredAt.getTime() + campaign.definition.windowMs);
  const { id: enrolmentId } = await makeEnrolment(em, campaign, customer.id, { enteredAt, measureAt });
  return { enrolmentId, campaign, customer, enteredAt };
}
