/** What Twilio answers to a request that it refuses: https://www.twilio.com/docs/api/errors */
export interface TwilioError {
  readonly status: number;
  readonly message: (to: string) => string;
}

export const twilioErrors: Readonly<Record<number, TwilioError>> = {
  20003: { status: 401, message: () => 'Authenticate' },
  20404: { status: 404, message: () => 'The requested resource was not found' },
  20429: { status: 429, message: () => 'Too Many Requests' },
  21211: { status: 400, message: (to) => `Invalid 'To' Phone Number: ${to.slice(0, 4)}XXXX` },
  21408: { status: 400, message: () => "Permission to send an SMS has not been enabled for the region indicated by the 'To' number" },
  21602: { status: 400, message: () => 'Message body is required.' },
  21603: { status: 400, message: () => "A 'From' phone number is required." },
  21604: { status: 400, message: () => "A 'To' phone number is required." },
  21610: { status: 400, message: () => 'Attempt to send to unsubscribed recipient' },
  21611: { status: 429, message: () => "This 'From' number has exceeded the maximum number of queued messages" },
  21612: { status: 400, message: () => "Message cannot be sent with the current combination of 'To' and/or 'From' parameters" },
  21614: { status: 400, message: () => "'To' number is not a valid mobile number" },
  21910: { status: 400, message: () => "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel" },
  21656: { status: 400, message: () => 'The ContentVariables Parameter is invalid.' },
  21617: { status: 400, message: () => 'The concatenated message body exceeds the 1600 character limit' },
};

/** The numbers for which Twilio's own test credentials answer with an error. */
export const magicNumbers: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};
