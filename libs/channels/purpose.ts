/** What a message is for: `marketing`, an offer; `service`, about the contract. */
export const purposes = ['marketing', 'service'] as const;
export type Purpose = (typeof purposes)[number];
