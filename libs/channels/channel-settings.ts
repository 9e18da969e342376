import type { z } from 'zod';

/** The settings of a channel. */
export interface ChannelSettings<Own = unknown> {
  /** The environment variables that it reads. Variables that several channels share are the same in each. */
  readonly variables: z.ZodRawShape;
  /** @param values of those variables. @throws SettingsError if they do not go together */
  read(values: never): ChannelSetting<Own>;
}

/** The settings of one channel. */
export interface ChannelSetting<Own = unknown> {
  /**
   * The settings for opening it. Undefined: it is off, and nothing is planned or sent on it, even if a customer has an address and consent
   * for it.
   */
  readonly own: Own | undefined;
  /** The most messages per second. */
  readonly ratePerSecond: number;
  /** The number of connections to its provider; missing if each message is a separate request. */
  readonly connections?: number;
}

/** The settings of a channel from its environment variables. */
export function channelSettings<Variables extends z.ZodRawShape, Own>(
  variables: Variables,
  read: (values: z.infer<z.ZodObject<Variables>>) => ChannelSetting<Own>,
): ChannelSettings<Own> {
  return { variables, read };
}
