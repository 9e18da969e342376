import type { Surroundings } from './channel-kind.js';
import type { ChannelSetting } from './channel-settings.js';
import { errorsOf } from './contract/provider-errors.js';
import type { MessageChannel } from './contract/channel.js';
import { channelKinds, channels, type Channel } from './table.js';

/** The settings of every channel. */
export type ChannelsSet = Readonly<Record<Channel, ChannelSetting>>;

/**
 * The channels that this installation can send on, in the order of `channels`. On other channels nothing is planned or sent, even if a
 * customer has an address and consent for one.
 */
export function channelsSetUp({ channels: set }: { readonly channels: ChannelsSet }): readonly Channel[] {
  return channels.filter((channel) => set[channel].own !== undefined);
}

/** The channels that are set up, ready to send. @throws Error if one has no table of error codes */
export async function openChannels(
  settings: { readonly channels: ChannelsSet },
  around: Surroundings,
): Promise<ReadonlyMap<Channel, MessageChannel>> {
  const open = async (channel: Channel): Promise<readonly [Channel, MessageChannel]> => {
    const kind = channelKinds.get(channel);
    errorsOf(channel, kind.usual?.errors);
    return [channel, await kind.open(settings.channels[channel].own, around)];
  };
  return new Map(await Promise.all(channelsSetUp(settings).map(open)));
}
