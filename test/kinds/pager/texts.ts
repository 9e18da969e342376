import type { CustomerTexts } from '../../../libs/channels/customer-texts.js';

const english = {
  title: 'Pager',
  marketing: 'Send me offers by pager',
  service: 'Send me news of my contract by pager',
  leave: 'Stop all our pages?',
  leaveMore: 'This ends all pages from us to your number.',
  unsubscribed: 'We will send you no more pages.',
};

export const texts: CustomerTexts = { en: english, de: english, fr: english, es: english };
