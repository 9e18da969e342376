import { plainText } from '../../platform/wording.js';
import { bounceWords } from './bounce-words.js';

const longest = 16_000;
const mostLines = 400;
/** Headers that no explanation contains. Headers that some do contain (To, Subject, Date) are left out. */
const returnedHeader =
  /^[>|\s]{0,10}(received|return-path|message-id|dkim-signature|domainkey-signature|mime-version|content-type|content-transfer-encoding|x-mailer|x-[\w-]{1,40}|delivered-to|arc-[\w-]{1,40}|references|in-reply-to|list-unsubscribe):/i;
/** "----- Original message -----", "Message headers follow." */
const longestMarker = 90;

/** The part of a mail's text with the mail system's explanation: the text above the returned mail. */
export function explanationIn(text: string): string {
  const lines = text.slice(0, longest).split(/\r\n|\r|\n/, mostLines);
  const end = lines.findIndex((line, at) => at > 0 && beginsReturned(line));
  return (end < 0 ? lines : lines.slice(0, end)).join('\n');
}

function beginsReturned(line: string): boolean {
  if (returnedHeader.test(line)) return true;
  if (line.length > longestMarker || !/^\s{0,8}[-_=*+>#\[<(]|[:.]\s*$/.test(line)) return false;
  return bounceWords.returned(plainText(line, longestMarker)) !== undefined;
}
