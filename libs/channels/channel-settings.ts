import type { z } from 'zod';

/** What an installation sets for a channel. */
export interface ChannelSettings<Own = unknown> {
  /** The variables of the environment that it reads. Those that several channels share are the same in each. */
  readonly variables: z.ZodRawShape;
  /** @param values of those variables. @throws SettingsError if they do not go together */
  read(values: never): ChannelSetting<Own>;
}

/** How a channel is set. */
export interface ChannelSetting<Own = unknown> {
  /** What it is opened with. Undefined: it is off, and nothing is planned or sent on it, though a customer may have an address and consent for it. */
  readonly own: Own | undefined;
  /** Messages a second that may be handed over, at most. */
  readonly ratePerSecond: number;
  /** Connections that are kept to its provider; left out where each message is a request of its own. */
  readonly connections?: number;
}

/** The settings of a channel by the variables that it reads. */
export function channelSettings<Variables extends z.ZodRawShape, Own>(
  variables: Variables,
  read: (values: z.infer<z.ZodObject<Variables>>) => ChannelSetting<Own>,
): ChannelSettings<Own> {
  return { variables, read };
}
