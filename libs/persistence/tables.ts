import type { EntitySchemaWithMeta } from '@mikro-orm/core';
import type { EntityManager, InferKyselyDB } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';

/** Tables and columns have the names of the entities and their properties; values are what the properties hold. */
const asEntities = { tableNamingStrategy: 'entity', columnNamingStrategy: 'property', convertValues: true } as const;

type Tables<Entity extends EntitySchemaWithMeta> = InferKyselyDB<Entity, typeof asEntities>;

/**
 * Builds statements about the tables of the named entities, as in `tables<typeof ApiKey>(em).selectFrom('ApiKey')`: a property
 * that an entity does not have is a compile error. They run in the transaction of `em`, if it has one. See `docs/decisions/0010`.
 */
export function tables<Entity extends EntitySchemaWithMeta>(em: EntityManager): Kysely<Tables<Entity>> {
  // MikroORM's type here depends on the entity, which the compiler does not know yet.
  return em.getKysely<object>(asEntities) as unknown as Kysely<Tables<Entity>>;
}
