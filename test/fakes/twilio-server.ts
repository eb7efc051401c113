import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signatureOf } from './twilio/signature.ts';
import {
  type Call,
  createMessage,
  type Fault,
  failure,
  newSid,
  newWorld,
  type Outcome,
  type Sent,
  type World,
} from './twilio/world.ts';

export interface FakeTwilio extends AsyncDisposable {
  /** The TWILIO_API_ROOT. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  /** Everything that was taken, oldest first, also what nobody heard of. */
  readonly sent: readonly Sent[];
  readonly calls: readonly Call[];
  /** What the next call meets; several wait for as many calls. */
  readonly nextFault: (...faults: readonly Fault[]) => void;
  readonly isHopeless: (number: string, code: number) => void;
  readonly optedOut: ReadonlySet<string>;
  /** What somebody set in the console: where the number sends what comes in. */
  readonly routeTo: (url: string) => void;
  /** Where it sends it now. */
  readonly routed: () => string;
  /** From now on phones reach the program there, which is known to Twilio as `publicUrl`. */
  readonly connect: (target: { readonly url: string; readonly publicUrl: string }) => void;
  /** Somebody texts; gives the answer of the program. Words that opt out or in do, as with the real one. */
  readonly texts: (from: string, body: string, more?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Twilio tells how far a message has come. */
  readonly reports: (sid: string, status: string, errorCode?: number) => Promise<Response>;
  /** A signed request, as it would go over the wire. */
  readonly signed: (
    path: string,
    form: Readonly<Record<string, string>>,
  ) => { readonly url: string; readonly init: RequestInit };
  readonly message: (
    from: string,
    body: string,
    more?: Readonly<Record<string, string>>,
  ) => Record<string, string>;
  readonly close: () => Promise<void>;
}

export interface TwilioOptions {
  readonly now?: () => number;
}

const STOP = new Set(['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout']);
const START = new Set(['start', 'yes', 'unstop']);

/** A Twilio on 127.0.0.1 that is as strict as the real one wherever a program could notice. */
export const startFakeTwilio = async (options: TwilioOptions = {}): Promise<FakeTwilio> => {
  const world = newWorld(options.now ?? Date.now);
  const server = createServer((request, response) => void serve(world, request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  // A listening TCP server has an address object; only pipes have text.
  const { port } = server.address() as AddressInfo;
  return { ...phones(world), url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
};

const phones = (world: World) => {
  let target = { url: '', publicUrl: '' };
  const signed: FakeTwilio['signed'] = (path, form) => ({
    url: `${target.url}${path}`,
    init: {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-twilio-signature': signatureOf(world.authToken, `${target.publicUrl}${path}`, form),
        'user-agent': 'TwilioProxy/1.1',
      },
      body: new URLSearchParams(form).toString(),
    },
  });
  const post = (path: string, form: Readonly<Record<string, string>>): Promise<Response> => {
    const { url, init } = signed(path, form);
    return fetch(url, init);
  };
  const message: FakeTwilio['message'] = (from, body, more = {}) => {
    const sid = newSid('SM');
    return {
      ToCountry: 'US',
      SmsMessageSid: sid,
      NumMedia: '0',
      SmsSid: sid,
      SmsStatus: 'received',
      Body: body,
      FromCountry: 'DE',
      To: world.from,
      NumSegments: '1',
      MessageSid: sid,
      AccountSid: world.accountSid,
      From: from,
      ApiVersion: '2010-04-01',
      ...more,
    };
  };
  return {
    accountSid: world.accountSid,
    authToken: world.authToken,
    from: world.from,
    sent: world.sent,
    calls: world.calls,
    optedOut: world.optedOut,
    routeTo: (url: string) => {
      world.smsUrl = url;
    },
    routed: () => world.smsUrl,
    nextFault: (...faults: readonly Fault[]) => void world.faults.push(...faults),
    isHopeless: (number: string, code: number) => void world.hopeless.set(number, code),
    connect: (to: typeof target) => {
      target = to;
    },
    signed,
    message,
    texts: (from: string, body: string, more: Readonly<Record<string, string>> = {}) => {
      const word = body.trim().toLowerCase();
      if (STOP.has(word)) world.optedOut.add(from);
      if (START.has(word)) world.optedOut.delete(from);
      return post('/webhooks/twilio', message(from, body, more));
    },
    reports: (sid: string, status: string, errorCode?: number) => {
      const found = world.sent.find((one) => one.sid === sid);
      if (found === undefined) throw new Error(`nothing was sent as ${sid}`);
      return post(new URL(found.statusCallback ?? '').pathname, {
        ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
        ApiVersion: '2010-04-01',
        MessageStatus: status,
        SmsSid: sid,
        SmsStatus: status,
        To: found.to,
        From: found.from,
        MessageSid: sid,
        AccountSid: world.accountSid,
      });
    },
  };
};

const serve = async (world: World, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const at = world.now();
  const body = await read(request);
  const url = new URL(request.url ?? '/', 'http://fake');
  const isSend = request.method === 'POST' && url.pathname.endsWith('/Messages.json');
  const fault = isSend ? world.faults.shift() : undefined;
  const note = (status: number | 'none', code?: number): void => {
    if (isSend) world.calls.push({ at, to: body.get('To'), status, code });
  };
  if (fault === 'hang') return note('none');
  if (fault === 'drop_before') {
    note('none');
    response.destroy();
    return;
  }
  const outcome = typeof fault === 'object' ? failed(fault) : answer(world, request, url, body);
  note(fault === 'drop_after' || fault === 'truncated' ? 'none' : outcome.status, codeOf(outcome));
  if (fault === 'drop_after') {
    response.destroy();
    return;
  }
  const text = JSON.stringify(outcome.body);
  response.writeHead(outcome.status, { 'content-type': 'application/json', ...outcome.headers });
  response.end(fault === 'truncated' ? text.slice(0, text.length / 2) : text);
};

const codeOf = ({ body }: Outcome): number | undefined =>
  'code' in body && typeof body.code === 'number' ? body.code : undefined;

const failed = ({ status, code, retryAfterS }: Exclude<Fault, string>): Outcome =>
  failure(
    status,
    code ?? (status === 429 ? 20_429 : 20_500),
    retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) },
  );

const answer = (
  world: World,
  request: IncomingMessage,
  url: URL,
  form: ReadonlyMap<string, string>,
): Outcome => {
  const wanted = `Basic ${Buffer.from(`${world.accountSid}:${world.authToken}`).toString('base64')}`;
  if (request.headers.authorization !== wanted) return failure(401, 20_003);
  const account = `/2010-04-01/Accounts/${world.accountSid}`;
  if (request.method === 'POST' && url.pathname === `${account}/Messages.json`) {
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    return isForm ? createMessage(world, form) : failure(400, 21_604);
  }
  if (request.method === 'GET' && url.pathname === `${account}.json`)
    return { status: 200, body: { sid: world.accountSid, status: 'active', type: 'Full' } };
  if (request.method === 'GET' && url.pathname === `${account}/IncomingPhoneNumbers.json`) {
    const own = url.searchParams.get('PhoneNumber') === world.from;
    const numbers = own ? [numberOf(world)] : [];
    return { status: 200, body: { incoming_phone_numbers: numbers, page: 0, page_size: 50 } };
  }
  if (request.method === 'POST' && url.pathname === `${account}/IncomingPhoneNumbers/${NUMBER_SID}.json`) {
    const smsUrl = form.get('SmsUrl') ?? world.smsUrl;
    if (smsUrl !== '' && !URL.canParse(smsUrl)) return failure(400, 21_502);
    world.smsUrl = smsUrl;
    return { status: 200, body: numberOf(world) };
  }
  return failure(404, 20_404);
};

const NUMBER_SID = `PN${'0b'.repeat(16)}`;

const numberOf = ({ from, smsUrl }: World) => ({
  sid: NUMBER_SID,
  phone_number: from,
  sms_url: smsUrl,
  sms_method: 'POST',
  capabilities: { sms: true },
});

const read = async (request: IncomingMessage): Promise<ReadonlyMap<string, string>> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part as Buffer));
  return new Map(new URLSearchParams(Buffer.concat(parts).toString('utf8')));
};
