import { z } from 'zod';
import type { UsualLimits } from '../../channels/channel-kind.js';
import { channelKinds, type Channel } from '../../channels/table.js';

/**
 * The schema of a file with an entry for each channel. If an entry is missing, the channel's own default is used; if it has no default, the
 * file is not valid.
 */
export function byChannel<Value>(
  value: z.ZodType<Value>,
  usual: (limits: UsualLimits) => Value,
): z.ZodType<Readonly<Record<Channel, Value>>> {
  return z.record(channelKinds.name, value).transform((said: Readonly<Partial<Record<string, Value>>>, context) => {
    const whole = channelKinds.entries.map(([name, kind]) => [name, said[name] ?? (kind.usual && usual(kind.usual))] as const);
    for (const [name, found] of whole) {
      if (found === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is missing', input: said });
    }
    return Object.fromEntries(whole) as Readonly<Record<Channel, Value>>;
  });
}
