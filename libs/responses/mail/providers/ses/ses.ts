import { z } from 'zod';
import { mailProvider } from '../mail-provider.js';
import { sesNotifications } from './ses-notifications.js';

/** Amazon SES, by SNS. */
export const ses = mailProvider(
  {
    PERENNIAL_SES_TOPIC_ARN: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'is the ARN of an SNS topic')
      .optional()
      .describe('the SNS topic by which SES hands over mail and notifications'),
  },
  ({ PERENNIAL_SES_TOPIC_ARN: topic }, outside) => ({ ses: topic === undefined ? undefined : sesNotifications(topic, outside) }),
);
