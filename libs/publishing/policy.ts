import type { Channel } from '../channels/table.js';
import type { PolicyTables } from '../messaging/contact-policy/policy-tables.js';
import { textsFor } from '../messaging/templates/template-channels.js';
import type { PublishedContent } from './published-content.js';

/**
 * The present contact policy: always that of the latest publication, whatever a campaign is pinned to.
 * @param channels the channels that are set up
 * @returns the same tables until another publication is loaded, because computed results are remembered for these objects
 */
export function policyInForce(content: PublishedContent, channels: readonly Channel[]): () => PolicyTables {
  let made: { readonly of: number; readonly tables: PolicyTables } | undefined;
  return () => {
    if (made?.of !== content.version) {
      const textsAt: PolicyTables['textsAt'] = async (publication) => textsFor(await content.templatesAt(publication));
      made = { of: content.version, tables: { ...content.latest.contactRules, channels, textsAt } };
    }
    return made.tables;
  };
}
