import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

export interface Lock {
  readonly authToken: string;
  readonly accountSid: string;
  /** As Twilio was told to call us; what a proxy made of the request does not count. */
  readonly publicUrl: string;
}

export type Opened =
  | { readonly ok: true; readonly form: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly status: 400 | 403 | 415; readonly why: string };

/**
 * The fields of a request that Twilio signed, or why it is none. The signature covers names and values written one behind
 * the other without anything between, so a field that comes twice is never taken, and whoever reads the fields has to
 * hold each of them to its own shape.
 */
export const openForm = async (request: Request, lock: Lock): Promise<Opened> => {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) return no(415, 'not a form');
  const signature = request.headers.get('x-twilio-signature');
  if (signature === null) return no(403, 'no signature');
  const pairs = [...new URLSearchParams(await request.text())];
  const form = Object.fromEntries(pairs);
  if (Object.keys(form).length !== pairs.length) return no(400, 'a field comes twice');
  const { pathname, search } = new URL(request.url);
  const url = `${lock.publicUrl}${pathname}${search}`;
  if (!validateRequest(lock.authToken, signature, url, form)) return no(403, 'a wrong signature');
  // Another account with the same token cannot be; a subaccount that was pointed here by mistake can.
  return form['AccountSid'] === lock.accountSid ? { ok: true, form } : no(403, 'another account');
};

const no = (status: 400 | 403 | 415, why: string): Opened => ({ ok: false, status, why });
