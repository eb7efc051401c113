import { z } from 'zod';
import type { TwilioSettings } from '../../config/settings.ts';
import { ANSWER_MS, type Inquiry, known, refused, silence, unreachable } from './inquiry.ts';

/** Whether the account sends, and whether it is one for trying out only. The token is never shown. */
export const lookAtTwilio = async (twilio: TwilioSettings): Promise<Inquiry<{ readonly trial: boolean }>> => {
  const account = await call(twilio, '.json', Account);
  if (account.kind === 'silent') return unreachable(account.words, NETWORK);
  if (account.kind === 'refused') {
    const cure = 'take TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the first page of the Twilio console';
    return refused(`the account is refused (${account.status})`, cure);
  }
  const { status, type } = account.value;
  if (status !== 'active') return refused(`the account is ${status}`, 'open it again in the Twilio console');
  return known({ trial: type === 'Trial' });
};

export interface TwilioNumber {
  readonly sid: string;
  /** Where it sends what comes in; empty for nowhere. */
  readonly url: string;
  readonly method: string;
}

/** The number that texts come from, if it is one of the account and takes them. */
export const lookAtNumber = async (twilio: TwilioSettings): Promise<Inquiry<TwilioNumber>> => {
  const query = `/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(twilio.from)}`;
  const found = await call(twilio, query, Numbers);
  if (found.kind === 'silent') return unreachable(found.words, NETWORK);
  const number = found.kind === 'answer' ? found.value.incoming_phone_numbers[0] : undefined;
  if (number === undefined) {
    return refused(
      `TWILIO_FROM ${twilio.from} is no number of this account`,
      'set TWILIO_FROM to one that is',
    );
  }
  if (!number.capabilities.sms) {
    return refused(`TWILIO_FROM ${twilio.from} takes no texts`, 'set TWILIO_FROM to a number that does');
  }
  return known({ sid: number.sid, url: number.sms_url, method: number.sms_method });
};

/** What comes in at the number goes there from now on. */
export const routeNumber = async (
  twilio: TwilioSettings,
  { sid }: TwilioNumber,
  url: string,
): Promise<Inquiry<true>> => {
  const form = new URLSearchParams({ SmsUrl: url, SmsMethod: 'POST' });
  const done = await call(
    twilio,
    `/IncomingPhoneNumbers/${sid}.json`,
    z.object({ sms_url: z.string() }),
    form,
  );
  if (done.kind === 'silent') return unreachable(done.words, NETWORK);
  if (done.kind === 'answer' && done.value.sms_url === url) return known(true);
  const why = done.kind === 'refused' ? done.status : 'another address stays';
  return refused(`the webhook of ${twilio.from} cannot be set (${why})`, handCure(url));
};

/** For whoever has to do it in the console. */
export const handCure = (url: string): string =>
  `in the Twilio console set "A message comes in" of the number to POST ${url}`;

const NETWORK = 'check the network and TWILIO_API_ROOT';

const Account = z.object({ status: z.string(), type: z.string().optional() });
const Numbers = z.object({
  incoming_phone_numbers: z.array(
    z.object({
      sid: z.string(),
      sms_url: z
        .string()
        .nullish()
        .transform((url) => url ?? ''),
      sms_method: z.string().default('POST'),
      capabilities: z.object({ sms: z.boolean() }),
    }),
  ),
});

type Asked<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'silent'; readonly words: string };

/** With a form something is changed, without one it is looked at. */
const call = async <T>(
  { accountSid, authToken, apiRoot }: TwilioSettings,
  path: string,
  schema: z.ZodType<T>,
  form?: URLSearchParams,
): Promise<Asked<T>> => {
  const root = apiRoot.replace(/\/+$/, '');
  const { host } = new URL(root);
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  try {
    const response = await fetch(`${root}/2010-04-01/Accounts/${accountSid}${path}`, {
      headers: { authorization },
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    if (!response.ok) return { kind: 'refused', status: response.status };
    const read = schema.safeParse(await response.json());
    return read.success
      ? { kind: 'answer', value: read.data }
      : { kind: 'silent', words: `${host} gives answers that are not Twilio's` };
  } catch (error) {
    return { kind: 'silent', words: silence(host, error) };
  }
};
