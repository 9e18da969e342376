/** How a text is transmitted and billed. */
export interface Segments {
  readonly encoding: 'gsm-7' | 'ucs-2';
  /** Septets of GSM-7 (two for a character of the extension table), or code units of UCS-2. */
  readonly units: number;
  readonly segments: number;
}

/** 3GPP TS 23.038, 6.2.1: the default alphabet ... */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** ... and its extension, each after an escape: two septets. */
const extension = new Set('\f^{}\\[~]|€');

/** Units that fit into a single message, and into each of several parts: a header takes six bytes of each part (3GPP TS 23.040, 9.2.3.24). */
const limits = { 'gsm-7': { alone: 160, part: 153 }, 'ucs-2': { alone: 70, part: 67 } } as const;

/**
 * Counts the segments of a text. A character that takes two units (an escape and its character, a surrogate pair) is
 * never split between two parts, so a part may end one unit early.
 */
export function segmentsOf(text: string): Segments {
  const characters = Array.from(text);
  const encoding = characters.every((character) => basic.has(character) || extension.has(character)) ? 'gsm-7' : 'ucs-2';
  const widths = characters.map((character) => (encoding === 'ucs-2' ? character.length : extension.has(character) ? 2 : 1));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { alone, part } = limits[encoding];
  return { encoding, units, segments: units <= alone ? 1 : countParts(widths, part) };
}

function countParts(widths: readonly number[], part: number): number {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}
