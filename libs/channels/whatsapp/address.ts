/** Twilio's prefix of a WhatsApp number. */
export const whatsappPrefix = 'whatsapp:';

export const whatsappAddress = (number: string): string => `${whatsappPrefix}${number}`;
