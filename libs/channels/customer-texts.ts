/** The languages in which the product itself writes to customers. */
export const customerLanguages = ['en', 'de', 'fr', 'es'] as const;
export type CustomerLanguage = (typeof customerLanguages)[number];

export const isCustomerLanguage = (language: string): language is CustomerLanguage => customerLanguages.some((known) => known === language);

/** The texts about a channel for customers, in each language: on the page of an unsubscribe link, and in the preference centre. */
export type CustomerTexts = Readonly<Record<CustomerLanguage, ChannelTexts>>;

export interface ChannelTexts {
  /** The channel, as a title. */
  readonly title: string;
  /** What a customer consents to by ticking a box. If it changes, change the wording's name in preferences-texts.ts too. */
  readonly marketing: string;
  readonly service: string;
  /** The question, explanation and confirmation of an unsubscribe. They must match `optOutEnds` of the channel. */
  readonly leave: string;
  readonly leaveMore: string;
  readonly unsubscribed: string;
}
