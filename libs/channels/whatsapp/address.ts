/** What Twilio writes before a number that is on WhatsApp. */
export const whatsappPrefix = 'whatsapp:';

export const whatsappAddress = (number: string): string => `${whatsappPrefix}${number}`;
