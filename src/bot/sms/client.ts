import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { retryAfterMs } from '../retry-after.ts';

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiRoot: string;
}

/** The account asks us to be slower; the library's own errors do not say for how long. */
export class Throttled extends Error {
  readonly retryAfterMs: number;
  /** Twilio's number for what there was too much of. */
  readonly code: number | undefined;

  constructor(pauseMs: number, code: number | undefined) {
    super('Twilio asked for a pause');
    this.retryAfterMs = pauseMs;
    this.code = code;
  }
}

/**
 * A client of that account for calls that end with the signal. The library is large, so it is loaded when somebody is
 * written to. It talks through the platform's own fetch, which tells a connection that was never made from a lost answer,
 * and which never tries again by itself.
 */
export const twilioClient = async (
  { accountSid, authToken, apiRoot }: TwilioAccount,
  signal: AbortSignal,
) => {
  const { default: twilio } = await import('twilio');
  const httpClient = { request: (call: Call) => request(call, apiRoot, signal) };
  // The library uses nothing of its own client but this one method.
  return new twilio.Twilio(accountSid, authToken, { httpClient: httpClient as unknown as RequestClient });
};

type Call = Parameters<RequestClient['request']>[0];

const request = async (call: Call, apiRoot: string, signal: AbortSignal) => {
  const { method, uri, username = '', password = '', data, params } = call;
  const { pathname } = new URL(uri);
  const query = params === undefined ? '' : `?${asForm(params)}`;
  const response = await fetch(`${apiRoot.replace(/\/+$/, '')}${pathname}${query}`, {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      ...(data === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(data === undefined ? {} : { body: asForm(data) }),
    redirect: 'error',
    signal,
  });
  const text = await response.text();
  const { status } = response;
  if (status === 429) throw new Throttled(retryAfterMs(response.headers.get('retry-after')), codeIn(text));
  return { statusCode: status, body: text, toString: () => `HTTP ${status}` };
};

const codeIn = (text: string): number | undefined => {
  const found = /"code"\s*:\s*(\d{1,6})/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** The library hands over what it was given, by Twilio's names. */
const asForm = (fields: unknown): string => {
  const form = new URLSearchParams();
  const all = Object.entries(Object(fields) as Record<string, string | number | boolean | undefined>);
  for (const [name, value] of all) if (value !== undefined) form.set(name, String(value));
  return form.toString();
};
