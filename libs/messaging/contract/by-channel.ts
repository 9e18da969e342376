import { z } from 'zod';
import type { UsualLimits } from '../../channels/channel-kind.js';
import { channelKinds, type Channel } from '../../channels/table.js';

/**
 * The shape of what a file says of each channel. Of one that it leaves out, what the channel brings along holds; where that
 * brings nothing, the file is not valid.
 */
export function byChannel<Value>(
  value: z.ZodType<Value>,
  usual: (limits: UsualLimits) => Value,
): z.ZodType<Readonly<Record<Channel, Value>>> {
  return z.lazy(() => {
    const entries = channelKinds.entries.map(([name, kind]) => {
      const brought = kind.usual;
      return [name, brought === undefined ? value : value.optional().transform((said) => said ?? usual(brought))] as const;
    });
    return z.strictObject(Object.fromEntries(entries)) as unknown as z.ZodType<Readonly<Record<Channel, Value>>>;
  });
}
