import Table from 'cli-table3';
import { Command } from 'commander';
import { findApiKeys, listApiKeys, revokeApiKey } from '../../../../libs/access/api-keys.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { withProduct } from '../running.js';

export const keysCommand = (): Command =>
  new Command('keys')
    .description('the keys to the control API, and which of them are revoked')
    .action(async (_options: object, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      const keys = await withProduct(data, ({ orm }) => listApiKeys(orm.em.fork()));
      const table = new Table({ head: ['id', 'name', 'made', 'revoked'], style: { head: [], border: [] } });
      for (const { id, name, createdAt, revokedAt } of keys)
        table.push([id, name, createdAt.toISOString(), revokedAt?.toISOString() ?? '']);
      console.log(table.toString());
    })
    .addCommand(revoke());

const revoke = (): Command =>
  new Command('revoke')
    .description('revoke a key, and every session that was opened with it; it cannot be undone')
    .argument('<key>', 'its id or its name, as `perennial keys` shows them')
    .action(async (named: string, _options: object, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      await withProduct(data, async ({ orm, clock }) => {
        const em = orm.em.fork();
        const [key, ...others] = await findApiKeys(em, named);
        if (key === undefined) throw new Problem('not-found', `No active key has the id or the name ${named}`);
        if (others.length > 0) throw severalNamed(named, [key, ...others]);
        await revokeApiKey(em, key.id, clock.now());
        console.log(`Revoked ${key.name} (${key.id}). Requests with it are now answered with 401.`);
        if ((await listApiKeys(em)).every(({ revokedAt }) => revokedAt !== null))
          console.log('There is no key now. `perennial key NAME` makes one.');
      });
    });

function severalNamed(name: string, keys: readonly { readonly id: string; readonly createdAt: Date }[]): Problem {
  const places = keys.map(({ id, createdAt }) => ({ where: id, what: `was made at ${createdAt.toISOString()}` }));
  return new Problem('conflict', `${String(keys.length)} keys have the name ${name}`, places, 'Give the id of one.');
}
