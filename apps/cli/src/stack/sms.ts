import { startTwilioDouble } from '../../../sandbox/twilio-double.js';
import { publicUrlOf, type Part } from './part.js';

/** Where texts go: a double of Twilio, with an account of its own. A stack on a laptop reaches nobody, whatever the environment says. */
export const sms: Part = {
  name: 'sms',
  title: 'Twilio double',
  find: (around) =>
    Promise.resolve({
      source: 'this program',
      start: async () => {
        const { twilioAccountSid: accountSid, twilioAuthToken: authToken } = around.secrets;
        const inboundUrl = `${publicUrlOf(around)}/hooks/twilio/inbound`;
        const double = await startTwilioDouble({ accountSid, authToken, inboundUrl, port: around.ports.twilio });
        return {
          address: double.url,
          env: {
            PERENNIAL_TWILIO_ACCOUNT_SID: accountSid,
            PERENNIAL_TWILIO_AUTH_TOKEN: authToken,
            PERENNIAL_TWILIO_FROM: companyNumber,
            PERENNIAL_TWILIO_BASE_URL: double.url,
          },
          page: double.url,
          stop: () => double.close(),
        };
      },
    }),
};

/** A number from the range that is kept free for fiction. */
const companyNumber = '+12025550100';
