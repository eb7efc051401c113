import { randomBytes } from 'node:crypto';
import { segmentsOf } from './segments.ts';

export type Fault =
  /** The connection ends before anything happened, or after the message was taken. */
  | 'drop_before'
  | 'drop_after'
  | 'hang'
  | 'truncated'
  | { readonly status: number; readonly code?: number; readonly retryAfterS?: number };

export interface Sent {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly segments: number;
  readonly statusCallback: string | undefined;
  readonly at: number;
}

export interface Call {
  readonly at: number;
  readonly to: string | undefined;
  readonly status: number | 'none';
  readonly code: number | undefined;
}

export interface World {
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly now: () => number;
  readonly sent: Sent[];
  readonly calls: Call[];
  readonly faults: Fault[];
  readonly optedOut: Set<string>;
  /** Numbers that are landlines, by Twilio's number for why nothing can be sent there. */
  readonly hopeless: Map<string, number>;
  /** Where the number sends what comes in, as the console shows it. */
  smsUrl: string;
}

/** An account with one number, and a clock. */
export const newWorld = (now: () => number): World => ({
  accountSid: `AC${'0a'.repeat(16)}`,
  authToken: 'fake-twilio-auth-token-0123456789',
  from: '+15005550006',
  now,
  sent: [],
  calls: [],
  faults: [],
  optedOut: new Set(),
  hopeless: new Map(),
  smsUrl: '',
});

export interface Outcome {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const WORDS: Readonly<Record<number, string>> = {
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  21211: "Invalid 'To' Phone Number",
  21502: 'SMS URL is not a valid URL',
  21602: 'Message body is required.',
  21603: "A 'From' phone number is required.",
  21604: "A 'To' phone number is required.",
  21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number",
  21609: "The 'StatusCallback' URL is not valid",
  21610: 'Attempt to send to unsubscribed recipient',
  21614: "'To' number is not a valid mobile number",
  21617: 'The concatenated message body exceeds the 1600 character limit',
};

export const failure = (
  status: number,
  code: number,
  headers: Readonly<Record<string, string>> = {},
): Outcome => ({
  status,
  body: {
    code,
    message: WORDS[code] ?? 'An error occurred',
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  },
  headers,
});

export const newSid = (prefix: string): string => `${prefix}${randomBytes(16).toString('hex')}`;

/** POST Messages.json, in the order in which the real one complains. */
export const createMessage = (world: World, form: ReadonlyMap<string, string>): Outcome => {
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  const body = form.get('Body') ?? '';
  const statusCallback = form.get('StatusCallback');
  if (to === '') return failure(400, 21_604);
  if (from === '' && !form.has('MessagingServiceSid')) return failure(400, 21_603);
  if (from !== '' && from !== world.from) return failure(400, 21_606);
  if (body === '') return failure(400, 21_602);
  if (body.length > 1600) return failure(400, 21_617);
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return failure(400, 21_211);
  if (statusCallback !== undefined && !URL.canParse(statusCallback)) return failure(400, 21_609);
  const hopeless = world.hopeless.get(to);
  if (hopeless !== undefined) return failure(400, hopeless);
  if (world.optedOut.has(to)) return failure(400, 21_610);
  const segments = segmentsOf(body);
  const sid = newSid('SM');
  world.sent.push({ sid, to, from: world.from, body, segments, statusCallback, at: world.now() });
  return {
    status: 201,
    body: {
      sid,
      account_sid: world.accountSid,
      to,
      from: world.from,
      body,
      status: 'queued',
      direction: 'outbound-api',
      num_segments: String(segments),
      error_code: null,
      error_message: null,
      date_created: new Date(world.now()).toUTCString(),
      uri: `/2010-04-01/Accounts/${world.accountSid}/Messages/${sid}.json`,
    },
  };
};
