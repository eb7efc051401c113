import { z } from 'zod';
import type { TwilioSettings } from '../../config/settings.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

const WHAT = 'twilio';

/** Whether the account sends, from a number of its own, and sends us what comes in. The token is never shown. */
export const checkTwilio = async (
  twilio: TwilioSettings,
  publicUrl: string | undefined,
): Promise<Finding> => {
  const account = await ask(twilio, '.json', Account);
  if (account.kind === 'silent') return bad(WHAT, account.words, 'check the network and TWILIO_API_ROOT');
  if (account.kind === 'refused') {
    const cure = 'take TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the first page of the Twilio console';
    return bad(WHAT, `the account is refused (${account.status})`, cure);
  }
  const { status, type } = account.value;
  if (status !== 'active')
    return bad(WHAT, `the account is ${status}`, 'open it again in the Twilio console');
  if (publicUrl?.startsWith('https:') !== true) {
    return warning(
      WHAT,
      'PUBLIC_URL is not https, so Twilio cannot call it',
      'set PUBLIC_URL to an https address',
    );
  }
  if (twilio.from.startsWith('MG')) {
    return ok(WHAT, `messaging service ${twilio.from.slice(0, 6)}…; its webhook is not looked at`);
  }
  const trial = type === 'Trial' ? ', a trial: it texts verified numbers only' : '';
  return checkNumber(twilio, `${publicUrl}/webhooks/twilio`, trial);
};

const checkNumber = async (twilio: TwilioSettings, wanted: string, trial: string): Promise<Finding> => {
  const query = `/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(twilio.from)}`;
  const found = await ask(twilio, query, Numbers);
  const number = found.kind === 'answer' ? found.value.incoming_phone_numbers[0] : undefined;
  if (number === undefined) {
    return bad(
      WHAT,
      `TWILIO_FROM ${twilio.from} is no number of this account`,
      'set TWILIO_FROM to one that is',
    );
  }
  if (!number.capabilities.sms) {
    return bad(WHAT, `TWILIO_FROM ${twilio.from} takes no texts`, 'set TWILIO_FROM to a number that does');
  }
  if (number.sms_url !== wanted || number.sms_method !== 'POST') {
    const where = number.sms_url === '' ? 'nowhere' : `to ${hostOf(number.sms_url)} by ${number.sms_method}`;
    const cure = `in the Twilio console set "A message comes in" of the number to POST ${wanted}`;
    return bad(WHAT, `what comes in at ${twilio.from} goes ${where}`, cure);
  }
  return ok(WHAT, `${twilio.from}, webhook set${trial}`);
};

const Account = z.object({ status: z.string(), type: z.string().optional() });
const Numbers = z.object({
  incoming_phone_numbers: z.array(
    z.object({
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

const ask = async <T>(
  { accountSid, authToken, apiRoot }: TwilioSettings,
  path: string,
  schema: z.ZodType<T>,
): Promise<Asked<T>> => {
  const root = apiRoot.replace(/\/+$/, '');
  const { host } = new URL(root);
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  try {
    const response = await fetch(`${root}/2010-04-01/Accounts/${accountSid}${path}`, {
      headers: { authorization },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) return { kind: 'refused', status: response.status };
    const read = schema.safeParse(await response.json());
    return read.success
      ? { kind: 'answer', value: read.data }
      : { kind: 'silent', words: `${host} gives answers that are not Twilio's` };
  } catch (error) {
    const slow = error instanceof DOMException && error.name === 'TimeoutError';
    return { kind: 'silent', words: `${host} ${slow ? 'does not answer within 5 s' : 'cannot be reached'}` };
  }
};

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an unreadable address');
