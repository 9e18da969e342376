import { Migration } from '@mikro-orm/migrations';

/**
 * A customer needs no charge, currency or tenure; and amounts may be as great as currencies with small units make them. What is
 * found out about a model's training data is kept with it.
 */
export class OnlyTheId0010 extends Migration {
  override up(): void {
    for (const statement of schema.split(';\n')) this.addSql(statement);
  }
}

const schema = `
alter table customer alter monthly_charge type bigint, alter monthly_charge drop not null, alter currency drop not null, alter tenure drop not null;
alter table customer add constraint customer_charge_check check (monthly_charge is null or currency is not null);
alter table offer alter cost type bigint;
alter table enrolment alter kept_revenue type bigint
`.trim();
