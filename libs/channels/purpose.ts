/** The purpose of a message: `marketing`, an offer; `service`, about the contract. */
export const purposes = ['marketing', 'service'] as const;
export type Purpose = (typeof purposes)[number];
