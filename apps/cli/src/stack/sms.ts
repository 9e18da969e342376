import { startTwilioDouble } from '../../../sandbox/twilio-double.js';
import { publicUrlOf, type Part } from './part.js';

/** Receives texts: a double of Twilio, with its own account. A stack on a laptop sends nothing to real people, whatever the environment says. */
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

/** A number from the range that is reserved for fiction. */
const companyNumber = '+12025550100';
