import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isGenuine } from '../../../src/bot/slack/signature.ts';
import { FORM_TYPE, JSON_TYPE, requestFor, type SignedRequest, sign } from '../../fakes/slack/signing.ts';
import { eventually } from '../eventually.ts';
import { calledBySlack, people, SECRET } from './bench.ts';

const { world, tells, mentions, commands, presses } = people();

const post = (
  { handle }: Awaited<ReturnType<typeof calledBySlack>>,
  { path, headers, body }: SignedRequest,
  more: Readonly<Record<string, string>> = {},
) => handle(path, { headers: { ...headers, ...more }, body });

const asked = () => {
  const { ts } = world.put({
    channel: 'C1',
    thread: undefined,
    broadcast: false,
    user: 'UBOT',
    text: '',
    blocks: [{ type: 'actions', elements: [{ text: { text: 'Approve' }, value: 'v1:dt:K7M2QX' }] }],
  });
  const message = world.find('C1', ts);
  if (message === undefined) throw new Error('it was not put there');
  return message;
};

const genuine = {
  event: () => requestFor(SECRET, mentions('U2', 'C1', 'run backup').envelope),
  command: () => requestFor(SECRET, commands('U2', 'C1', 'run backup')),
  button: () => requestFor(SECRET, presses('U2', asked(), 'Approve')),
};

describe('what Slack signed', () => {
  test('the vector of its own documentation is genuine', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&' +
      'channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&' +
      'response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&' +
      'trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
    const signed = { body: Buffer.from(body), timestamp: '1531420618', signature };
    expect(isGenuine(signed, SECRET, 1_531_420_618_000)).toBe(true);
    expect(isGenuine(signed, SECRET, 1_531_420_618_000 + 301_000)).toBe(false);
  });

  test.each(Object.entries(genuine))(
    'an %s is stored once, then acknowledged with nothing in it',
    async (_, make) => {
      const slack = await calledBySlack();
      const response = await post(slack, make());
      expect([response.status, await response.text()]).toEqual([200, '']);
      expect(slack.inbox).toHaveLength(1);
      expect(slack.adapter.health()).toMatchObject({ state: 'ok', lastHeardMs: expect.any(Number) });
    },
  );

  test('its question for the address is answered, and its look at the certificate, and neither is stored', async () => {
    const slack = await calledBySlack();
    const challenge = JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1aB' });
    const answered = await post(slack, sign(SECRET, '/webhooks/slack', challenge, { type: JSON_TYPE }));
    expect(await answered.json()).toEqual({ challenge: '3eZbrw1aB' });
    const looked = sign(SECRET, '/webhooks/slack/command', 'ssl_check=1&token=x', { type: FORM_TYPE });
    expect((await post(slack, looked)).status).toBe(200);
    expect(slack.inbox).toEqual([]);
  });

  test('what comes again has the key that it had, whatever Slack says about trying again', async () => {
    const slack = await calledBySlack();
    for (const make of Object.values(genuine)) {
      const request = make();
      await post(slack, request);
      await post(slack, request, { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' });
      const [first, second] = slack.inbox.splice(0);
      expect(second).toEqual(first);
      expect(first?.eventKey).toMatch(/./);
    }
  });

  test('what cannot be stored is not acknowledged, and shows in the health until something can', async () => {
    const slack = await calledBySlack();
    await eventually(() => slack.adapter.health().state === 'ok');
    slack.state.broken = true;
    expect((await post(slack, genuine.event())).status).toBe(503);
    expect(slack.adapter.health().state).toBe('degraded');
    slack.state.broken = false;
    expect((await post(slack, genuine.event())).status).toBe(200);
    expect(slack.adapter.health().state).toBe('ok');
  });

  test('after the end Slack is asked to try again', async () => {
    const slack = await calledBySlack();
    await slack.adapter.drain(2000);
    const response = await post(slack, genuine.event());
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });
});

type Mutation = (request: SignedRequest) => SignedRequest;

const withHeaders = (
  request: SignedRequest,
  more: Readonly<Record<string, string | undefined>>,
): SignedRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries({ ...request.headers, ...more }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  ),
});

const TIMESTAMP = 'x-slack-request-timestamp';
const SIGNATURE = 'x-slack-signature';
const at = (request: SignedRequest): number => Number(request.headers[TIMESTAMP]);
const signatureIn = (request: SignedRequest): string => request.headers[SIGNATURE] ?? '';

/** Everything that can be done to a request without the secret. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'one byte of the body is another': (r) => ({ ...r, body: r.body.replace('U2', 'U3') }),
  'a space is put behind the body': (r) => ({ ...r, body: `${r.body} ` }),
  'the body is cut short': (r) => ({ ...r, body: r.body.slice(0, -1) }),
  'the body is empty': (r) => ({ ...r, body: '' }),
  'the body is said twice': (r) => ({ ...r, body: r.body + r.body }),
  'the body is written in another way that means the same': (r) => ({
    ...r,
    body: r.body.startsWith('{')
      ? JSON.stringify(JSON.parse(r.body), undefined, 1)
      : r.body.replaceAll('+', '%20').replace('=', '%3D'),
  }),
  'the signature is missing': (r) => withHeaders(r, { [SIGNATURE]: undefined }),
  'the signature is empty': (r) => withHeaders(r, { [SIGNATURE]: '' }),
  'one digit of the signature is another': (r) =>
    withHeaders(r, { [SIGNATURE]: signatureIn(r).replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) }),
  'the signature is cut short': (r) => withHeaders(r, { [SIGNATURE]: signatureIn(r).slice(0, -1) }),
  'the signature is of another version': (r) =>
    withHeaders(r, { [SIGNATURE]: signatureIn(r).replace('v0=', 'v1=') }),
  'the signature is in capitals': (r) => withHeaders(r, { [SIGNATURE]: signatureIn(r).toUpperCase() }),
  'the time is missing': (r) => withHeaders(r, { [TIMESTAMP]: undefined }),
  'the time is a second later': (r) => withHeaders(r, { [TIMESTAMP]: String(at(r) + 1) }),
  'the time is no number': (r) => withHeaders(r, { [TIMESTAMP]: `${at(r)}.0` }),
  'the signature is by another key': (r) => {
    const hash = createHmac('sha256', 'another secret')
      .update(`v0:${at(r)}:${r.body}`)
      .digest('hex');
    return withHeaders(r, { [SIGNATURE]: `v0=${hash}` });
  },
};

describe('what nobody at Slack signed', () => {
  test.each(Object.entries(MUTATIONS))('is refused and stored nowhere: %s', async (_, mutate) => {
    const slack = await calledBySlack();
    for (const make of Object.values(genuine)) {
      const response = await post(slack, mutate(make()));
      expect(response.status).toBe(401);
    }
    expect(slack.inbox).toEqual([]);
    const refused = slack.seen.filter(({ kind }) => kind === 'auth_refused');
    expect(refused).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'auth_refused', channel: 'slack', reason: 'bad_signature' })),
    );
  });

  test('a captured request is of no use after five minutes, nor one from the future', async () => {
    const slack = await calledBySlack();
    for (const offMs of [-301_000, 301_000]) {
      const request = requestFor(SECRET, tells('U2', 'D1', 'jobs').envelope, Date.now() + offMs);
      expect((await post(slack, request)).status).toBe(401);
    }
    const inTime = requestFor(SECRET, tells('U2', 'D1', 'jobs').envelope, Date.now() - 290_000);
    expect((await post(slack, inTime)).status).toBe(200);
    expect(slack.inbox).toHaveLength(1);
  });

  test('at another door, or in another shape, a genuine request is refused as well', async () => {
    const slack = await calledBySlack();
    const { event, command, button } = genuine;
    const wrong: readonly SignedRequest[] = [
      { ...event(), path: '/webhooks/slack/command' },
      { ...event(), path: '/webhooks/slack/interactive' },
      { ...command(), path: '/webhooks/slack' },
      { ...command(), path: '/webhooks/slack/interactive' },
      { ...button(), path: '/webhooks/slack' },
      { ...button(), path: '/webhooks/slack/command' },
      withHeaders(event(), { 'content-type': 'text/plain' }),
      withHeaders(command(), { 'content-type': 'application/json' }),
    ];
    for (const request of wrong) expect((await post(slack, request)).status).toBe(400);
    expect(slack.inbox).toEqual([]);
  });
});
