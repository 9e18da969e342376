import { Agent, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { finished } from 'node:stream/promises';
import twilio from 'twilio';

/** Calls the company's webhooks as Twilio does: form-encoded, signed over the address and the fields, on a bounded number of connections. */
export class TwilioCallbacks {
  private readonly agents = {
    'http:': new Agent({ keepAlive: true, maxSockets: 32 }),
    'https:': new SecureAgent({ keepAlive: true, maxSockets: 32 }),
  };

  constructor(private readonly authToken: string) {}

  /**
   * @returns the status that the webhook answered with
   * @throws Error if it does not answer within 15 seconds, which is Twilio's own timeout
   */
  async post(address: string, fields: Readonly<Record<string, string>>): Promise<number> {
    const url = new URL(address);
    const secure = url.protocol === 'https:';
    const outgoing = (secure ? secureRequest : request)(url, {
      method: 'POST',
      agent: this.agents[secure ? 'https:' : 'http:'],
      signal: AbortSignal.timeout(15_000),
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'user-agent': 'TwilioProxy/1.1',
        'x-twilio-signature': twilio.getExpectedTwilioSignature(this.authToken, address, { ...fields }),
      },
    });
    outgoing.end(new URLSearchParams(fields).toString());
    return new Promise((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        response.resume();
        finished(response).then(() => resolve(response.statusCode ?? 0), reject);
      });
    });
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }
}
