import type { z } from 'zod';
import { enrolmentQuery } from '../campaigns/campaigns.schemas.js';
import { messageQuery } from '../messages/message.schema.js';

/** A file has the same filters as the list of the same rows. */
export const messageExportQuery = messageQuery.pick({ state: true, channel: true });
export type MessageExportQuery = z.infer<typeof messageExportQuery>;
export const enrolmentExportQuery = enrolmentQuery.pick({ state: true, arm: true, outcome: true, step: true });
export type EnrolmentExportQuery = z.infer<typeof enrolmentExportQuery>;
