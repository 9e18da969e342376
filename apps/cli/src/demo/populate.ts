import type { MikroORM } from '@mikro-orm/postgresql';
import type { Settings } from '../../../../config/settings.js';
import { query } from '../../../../libs/persistence/sql.js';
import { createClock } from '../../../../libs/platform/clock.js';
import { newId } from '../../../../libs/platform/ids.js';
import type { Api } from './api.js';
import type { Person } from './population/behaviour.js';
import { AnswerChannels } from './population/answer-channels.js';
import { Population } from './population/population.js';
import { mailboxes, telephones } from './population/postboxes.js';
import type { Seen } from './summary.js';

/** The window of the project's campaign, in which its people decide. */
const windowMs = 10 * 86_400_000;

export interface Populated {
  readonly population: Population;
  /** Everything that has arrived, by the ledger's ids. */
  seen(): Promise<Seen>;
  close(): Promise<void>;
}

/** Simulates the demo's people: they read the sink and the double, and answer through the endpoints of the API. */
export async function populate(
  orm: MikroORM,
  settings: Settings,
  pages: { readonly mail: string; readonly sms: string },
  api: Api,
  seed: string,
): Promise<Populated> {
  const channels = new AnswerChannels({ publicUrl: settings.http.publicUrl, inboundSmtp: settings.inboundMail, twilioDouble: pages.sms });
  const mail = mailboxes(pages.mail);
  const phones = telephones(pages.sms);
  const population = new Population({
    seed,
    people: await peopleByAddress(orm),
    postboxes: [mail.take, phones.take],
    channels,
    clock: createClock(settings.clock),
    windowMs,
    leave: (leaving) =>
      api.post(
        '/v1/events',
        leaving.map(({ externalId, at }) => ({ externalId, kind: 'contract.ended', at, data: {}, source: 'demo', sourceId: newId() })),
      ),
  });
  return {
    population,
    seen: async () => {
      for (const box of [mail, phones]) while ((await box.take()).length > 0);
      return { email: mail.seen, sms: phones.seen };
    },
    close: async () => {
      await population.stop();
      channels.close();
    },
  };
}

async function peopleByAddress(orm: MikroORM): Promise<Map<string, Person>> {
  const rows = await query<Person & { address: string }>(
    orm.em.fork(),
    `select p.address, c.external_id as "externalId", coalesce((c.attributes ->> 'churned_before')::boolean, false) as "inclinedToLeave"
     from contact_point p join customer c on c.id = p.customer_id`,
  );
  const people = new Map<string, Person>();
  const byAddress = new Map<string, Person>();
  for (const { address, externalId, inclinedToLeave } of rows) {
    const person = people.get(externalId) ?? { externalId, inclinedToLeave };
    people.set(externalId, person);
    byAddress.set(address, person);
  }
  return byAddress;
}
