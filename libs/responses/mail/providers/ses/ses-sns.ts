import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../../platform/problem.js';
import { badSignature, type Outside } from '../inbound-adapter.js';

const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().max(200),
  TopicArn: z.string().max(400),
  Message: z.string(),
  Timestamp: z.string().max(50),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().max(2_000),
  SigningCertURL: z.string().max(500),
});
/** What SNS posts to a subscriber. */
export type SnsMessage = z.infer<typeof snsMessage>;

/** What is signed, in this order, of what is there ("Verifying the signatures of Amazon SNS messages"). */
const signedFields: Readonly<Record<SnsMessage['Type'], readonly (keyof SnsMessage)[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};
const digests = { '1': 'sha1', '2': 'sha256' } as const;

/** Each name and each value on a line of its own. */
function signedText(message: SnsMessage): string {
  return signedFields[message.Type].flatMap((name) => (message[name] == null ? [] : [`${name}\n${message[name]}\n`])).join('');
}

/** Certificates change about once a year; a caller who names ever new ones is none of ours. */
const mostKeys = 20;

/** Makes the check that lets in what SNS has signed for one topic. Certificates are fetched once. */
export function createSnsVerifier(topicArn: string, fetchText: Outside['fetchText']): (body: Buffer) => Promise<SnsMessage> {
  const keys = new Map<string, Promise<KeyObject>>();
  const keyAt = (url: string): Promise<KeyObject> => {
    const known = keys.get(url);
    if (known !== undefined) return known;
    if (keys.size >= mostKeys) keys.clear();
    const fetched = fetchText(url)
      .then((pem) => createPublicKey(pem))
      .catch(() => {
        keys.delete(url);
        throw new Problem('unavailable', 'The certificate of SNS could not be fetched');
      });
    keys.set(url, fetched);
    return fetched;
  };
  return async (body) => {
    const message = readSns(body);
    if (message.TopicArn !== topicArn) throw new Problem('forbidden', 'This is another SNS topic');
    if (!isSnsAddress(message.SigningCertURL) || !new URL(message.SigningCertURL).pathname.endsWith('.pem')) throw badSignature();
    const key = await keyAt(message.SigningCertURL);
    const signature = Buffer.from(message.Signature, 'base64');
    if (!verify(digests[message.SignatureVersion], Buffer.from(signedText(message)), key, signature)) throw badSignature();
    return message;
  };
}

/** The server of a region, as in `sns.eu-west-1.amazonaws.com`. In `sns.s3-eu-west-1.amazonaws.com` anybody's bucket may answer. */
const snsHost = /^sns\.[a-z]{2}(-[a-z]+){1,2}-\d{1,2}\.amazonaws\.com(\.cn)?$/;

/** Only Amazon's own servers are ever asked for anything. */
export function isSnsAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === 'https:' && username === '' && password === '' && snsHost.test(host);
}

function readSns(body: Buffer): SnsMessage {
  try {
    return snsMessage.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new Problem('invalid', 'The body is not one that SNS sends');
  }
}
