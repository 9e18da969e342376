/** The languages in which the product itself speaks to customers. */
export const customerLanguages = ['en', 'de', 'fr', 'es'] as const;
export type CustomerLanguage = (typeof customerLanguages)[number];

export const isCustomerLanguage = (language: string): language is CustomerLanguage => customerLanguages.some((known) => known === language);

/** What customers read of a channel, in each language: on the page of an unsubscribe link, and where they choose what they get. */
export type CustomerTexts = Readonly<Record<CustomerLanguage, ChannelTexts>>;

export interface ChannelTexts {
  /** The channel, as a title. */
  readonly title: string;
  /** What a customer consents to by a tick. Where it changes, so does the wording's name in preferences-texts.ts. */
  readonly marketing: string;
  readonly service: string;
  /** What an unsubscribe asks, explains and answers. It says what `optOutEnds` of the channel does. */
  readonly leave: string;
  readonly leaveMore: string;
  readonly unsubscribed: string;
}
