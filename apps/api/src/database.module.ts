import { EntityManager, MikroORM, RequestContext } from '@mikro-orm/postgresql';
import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';

/** The database: an injected `EntityManager` is the fork of the present request. Code outside of a request injects `MikroORM` and forks. */
@Module({})
export class DatabaseModule implements NestModule {
  constructor(private readonly orm: MikroORM) {}

  /** @param orm open, with an up-to-date schema; the code that opened it closes it */
  static of(orm: MikroORM): DynamicModule {
    const providers = [
      { provide: MikroORM, useValue: orm },
      { provide: EntityManager, useValue: orm.em },
    ];
    return { module: DatabaseModule, global: true, providers, exports: providers };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply((_request: unknown, _response: unknown, next: () => void) => RequestContext.create(this.orm.em, next))
      .forRoutes('*path');
  }
}
