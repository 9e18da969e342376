import type { z } from 'zod';
import type { MailAdapter, Outside } from './inbound-adapter.js';

/** A provider that hands over mail, or what became of ours, by webhooks. */
export interface MailProvider {
  /** The variables of the environment that it reads. If they are not set it has no webhook. */
  readonly variables: z.ZodRawShape;
  /**
   * Its webhooks, by their names under /hooks/mail; undefined for one that is not set.
   * @param values of its variables, which have been checked
   * @throws if a key cannot be read, so that the process does not start
   */
  webhooks(values: object, outside: Outside): Readonly<Record<string, MailAdapter | undefined>>;
}

/** A provider by the variables that it reads. */
export function mailProvider<Variables extends z.ZodRawShape>(
  variables: Variables,
  webhooks: (values: z.infer<z.ZodObject<Variables>>, outside: Outside) => Readonly<Record<string, MailAdapter | undefined>>,
): MailProvider {
  return { variables, webhooks: (values, outside) => webhooks(values as z.infer<z.ZodObject<Variables>>, outside) };
}
