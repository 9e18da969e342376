/** Keys of the message templates that a definition may name. */
export type KnownTemplates = readonly string[];

/** Where the KnownTemplates are injected. */
export const KNOWN_TEMPLATES = Symbol('KnownTemplates');
