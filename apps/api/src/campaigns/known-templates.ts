import type { Known } from '../../../../libs/campaigns/read-steps.js';

/** The message templates that a definition may name, and what is known of them. */
export type KnownTemplates = Omit<Known, 'treatments'>;

/** Where the KnownTemplates are injected. */
export const KNOWN_TEMPLATES = Symbol('KnownTemplates');
