import { describe, expect, onTestFinished, test } from 'vitest';
import { telegramAdapter } from '../../../src/bot/telegram/start.ts';
import { SECRET_HEADER, WEBHOOK_PATH } from '../../../src/bot/telegram/webhook.ts';
import { type WebhookAdapterParts, webhookAdapter } from '../../../src/bot/telegram/webhook-adapter.ts';
import type { InboundSink, Webhook } from '../../../src/core/ports/channel.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { startWeb } from '../../../src/web/server.ts';
import { alone } from '../../alone.ts';
import { start } from '../../fakes/telegram/harness.ts';
import type { TelegramOptions } from '../../fakes/telegram-server.ts';
import { type Call, world } from '../../web/world.ts';
import { eventually } from '../eventually.ts';
import { processes } from './processes.ts';

const SECRET = 'k3pT-the_Secret-of-the-Webhook_0123456789';
const HOST = 'ops.example.org';

const quick: WebhookAdapterParts['times'] = {
  lookMs: 30,
  between: { pauseMsMin: 20, pauseMsMax: 40, jitter: 'none' },
};

const sinkOf =
  (store: Store): InboundSink =>
  async (batch) =>
    void (await store.inbox.accept(batch, await store.now()));

const open = async (store: Store): Promise<number> =>
  (await store.reader.figures(await store.now())).openInbox;

/** The real web in front of the real database; Telegram itself reaches it over a port of this machine. */
const house = async (more: Partial<WebhookAdapterParts> & { readonly telegram?: TelegramOptions } = {}) => {
  const fake = await start({ webhookRetryMs: 20, ...more.telegram });
  const ada = fake.addUser({ firstName: 'Ada', id: 42 });
  let hook: Webhook | undefined;
  const late: Webhook = {
    method: 'POST',
    path: WEBHOOK_PATH,
    access: 'open',
    handle: (request) => hook?.handle(request) ?? Promise.reject(new Error('nobody is there')),
  };
  const { store, call, app } = await world({
    profile: 'production',
    publicUrl: `https://${HOST}`,
    routes: [late],
  });
  const web = await startWeb({ app, host: '127.0.0.1', port: 0 });
  onTestFinished(() => web.stop());
  const observed: Observation[] = [];
  const { adapter, webhook } = webhookAdapter({
    token: fake.token,
    apiRoot: fake.url,
    publicUrl: web.url,
    secret: SECRET,
    observe: (observation) => void observed.push(observation),
    now: Date.now,
    onlyOne: alone,
    times: quick,
    ...more,
  });
  hook = webhook;
  onTestFinished(() => adapter.drain(1000));
  const settled = async (sink: InboundSink = sinkOf(store)) => {
    await adapter.start(sink);
    await eventually(() => fake.calls('setWebhook').length > 0);
    await eventually(() => fake.calls('getMe')[0]?.answer !== undefined);
    await eventually(() => adapter.health().state === 'ok');
  };
  return { fake, ada, store, call, observed, adapter, settled, url: web.url };
};

const update = (id: number, text: string) => ({
  update_id: id,
  message: {
    message_id: id,
    date: 1_795_000_000,
    chat: { id: 42, type: 'private', first_name: 'Ada' },
    from: { id: 42, is_bot: false, first_name: 'Ada' },
    text,
  },
});

/** As Telegram sends it, through the proxy that stands at PUBLIC_URL. */
const genuine = (id = 7, text = 'run backup'): Call => ({
  json: update(id, text),
  headers: { host: HOST, [SECRET_HEADER]: SECRET },
});

describe('what Telegram brings', () => {
  test('is stored, and only then acknowledged', async () => {
    let stored: (() => void) | undefined;
    const { call, settled } = await house();
    await settled(() => new Promise((resolve) => (stored = resolve)));
    let answered = false;
    const answer = call(WEBHOOK_PATH, genuine()).then((response) => {
      answered = true;
      return response;
    });
    await eventually(() => stored);
    expect(answered).toBe(false);
    stored?.();
    expect(await answer).toMatchObject({ status: 200, text: '' });
  });

  test('is not acknowledged while it cannot be stored, and comes again', async () => {
    const { fake, ada, store, adapter, settled } = await house();
    let broken = true;
    const sink = sinkOf(store);
    await settled((batch) => (broken ? Promise.reject(new Error('disk full')) : sink(batch)));
    ada.tells('one');
    await eventually(() => adapter.health().reason === 'what comes in cannot be stored');
    expect(fake.pendingUpdateIds()).toHaveLength(1);
    broken = false;
    await eventually(() => fake.pendingUpdateIds().length === 0);
    await eventually(() => adapter.health().state === 'ok');
    expect(await open(store)).toBe(1);
  });

  test('has its effect once, however often it is brought', async () => {
    const { call, store, settled } = await house();
    await settled();
    for (let time = 1; time <= 3; time += 1) {
      expect((await call(WEBHOOK_PATH, genuine(7))).status).toBe(200);
    }
    expect((await call(WEBHOOK_PATH, genuine(8))).status).toBe(200);
    expect(await open(store)).toBe(2);
  });

  test('of which only the number can be read, is kept as a dead letter and holds up nothing', async () => {
    const { call, store, settled } = await house();
    await settled();
    const strange: Call = { ...genuine(), json: { update_id: 9, message: { text: 5 } } };
    expect((await call(WEBHOOK_PATH, strange)).status).toBe(200);
    expect(await open(store)).toBe(0);
    expect(await store.deadLetters.list(10)).toHaveLength(1);
  });

  test('before the start and after the end Telegram is asked to come again', async () => {
    const { call, store, adapter, settled } = await house();
    expect((await call(WEBHOOK_PATH, genuine())).status).toBe(503);
    await settled();
    expect((await call(WEBHOOK_PATH, genuine())).status).toBe(200);
    await adapter.drain(1000);
    expect((await call(WEBHOOK_PATH, genuine(8))).status).toBe(503);
    expect(await open(store)).toBe(1);
  });
});

describe('what Telegram does not bring', () => {
  const body = JSON.stringify(update(7, 'run backup'));
  const headers = { host: HOST, [SECRET_HEADER]: SECRET };
  const json = { ...headers, 'content-type': 'application/json' };
  const without = (name: string): Record<string, string> =>
    Object.fromEntries(Object.entries(json).filter(([each]) => each !== name));
  const secret = (value: string): Call => ({ body, headers: { ...json, [SECRET_HEADER]: value } });
  const PATH = WEBHOOK_PATH;

  test.each<[what: string, status: number, path: string, call: Call]>([
    ['no secret', 401, PATH, { body, headers: without(SECRET_HEADER) }],
    ['an empty secret', 401, PATH, secret('')],
    ['another secret', 401, PATH, secret('k3pT-the_Secret-of-the-Webhook_0123456780')],
    ['the beginning of the secret', 401, PATH, secret(SECRET.slice(0, -1))],
    ['the secret and more', 401, PATH, secret(`${SECRET}0`)],
    ['the secret in other letters', 401, PATH, secret(SECRET.toUpperCase())],
    ['the secret twice', 401, PATH, secret(`${SECRET}, ${SECRET}`)],
    ['the secret in quotes', 401, PATH, secret(`"${SECRET}"`)],
    ['the secret in another encoding', 401, PATH, secret(Buffer.from(SECRET).toString('base64'))],
    [
      'the secret as a bearer token',
      401,
      PATH,
      { body, headers: { ...without(SECRET_HEADER), authorization: `Bearer ${SECRET}` } },
    ],
    [
      'the secret in the address',
      401,
      `${PATH}?secret_token=${SECRET}`,
      { body, headers: without(SECRET_HEADER) },
    ],
    [
      'the secret in the body',
      401,
      PATH,
      { body: JSON.stringify({ ...update(7, 'x'), secret_token: SECRET }), headers: without(SECRET_HEADER) },
    ],
    ['an address with something after it', 400, `${PATH}?again=1`, { body, headers: json }],
    ['another path', 401, `${PATH}/`, { body, headers: json }],
    ['another path in other letters', 401, PATH.toUpperCase(), { body, headers: json }],
    ['another method', 401, PATH, { method: 'PUT', body, headers: json }],
    ['a question', 401, PATH, { headers: json }],
    ['no body', 400, PATH, { method: 'POST', headers: json }],
    ['half a body', 400, PATH, { body: body.slice(0, -9), headers: json }],
    ['a body with something after it', 400, PATH, { body: `${body}x`, headers: json }],
    ['a list of updates', 400, PATH, { body: `[${body}]`, headers: json }],
    ['an update without a number', 400, PATH, { body: '{"message":{"text":"run backup"}}', headers: json }],
    ['an update with half a number', 400, PATH, { body: '{"update_id":7.5}', headers: json }],
    ['an update with a number below zero', 400, PATH, { body: '{"update_id":-7}', headers: json }],
    ['an update with its number as text', 400, PATH, { body: '{"update_id":"7"}', headers: json }],
    ['bytes that are no text', 400, PATH, { body: new Uint8Array([0x7b, 0xff, 0x7d]), headers: json }],
    [
      'a form',
      400,
      PATH,
      { body, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['no kind of body', 400, PATH, { body, headers: { ...headers, 'content-type': '' } }],
    ['a compressed body', 400, PATH, { body, headers: { ...json, 'content-encoding': 'gzip' } }],
    ['a body too large', 413, PATH, { body: body.padEnd(2_000_000), headers: json }],
    ['another host', 403, PATH, { body, headers: { ...json, host: 'evil.example' } }],
    ['a page of another origin', 403, PATH, { body, headers: { ...json, origin: 'https://evil.example' } }],
  ])('%s is refused with %i, and nothing of it is kept', async (_what, status, path, call) => {
    const { store, call: send, adapter, settled } = await house();
    const came: unknown[] = [];
    await settled(async (batch) => void came.push(...batch));
    expect((await send(path, call)).status).toBe(status);
    expect(came).toEqual([]);
    expect([await open(store), await store.deadLetters.list(10)]).toEqual([0, []]);
    expect(adapter.health().lastHeardMs).toBeUndefined();
    // The same call as it should be goes through, so that it was this that was refused.
    expect((await send(WEBHOOK_PATH, genuine())).status).toBe(200);
    expect(came).toHaveLength(1);
  });

  test('without the secret is noted, and the secret never is', async () => {
    const { call, observed, settled } = await house();
    await settled();
    await call(PATH, secret('not the one'));
    expect(observed).toContainEqual({ kind: 'auth_refused', channel: 'telegram', reason: 'bad_signature' });
    expect(JSON.stringify(observed)).not.toContain(SECRET);
  });
});

describe('the switch', () => {
  test('tells Telegram where, with what secret, and to forget nothing; what waited comes first', async () => {
    const { fake, ada, store, settled, url } = await house();
    ada.tells('written before the start');
    await settled();
    for (const text of ['one', 'two']) ada.tells(text);
    await eventually(async () => (await open(store)) === 3);
    expect(fake.calls('setWebhook').map(({ params }) => params)).toEqual([
      {
        url: `${url}${WEBHOOK_PATH}`,
        secret_token: SECRET,
        allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
        drop_pending_updates: false,
        max_connections: 1,
      },
    ]);
    expect([fake.calls('getUpdates'), fake.calls('deleteWebhook')]).toEqual([[], []]);
    const at = await store.now();
    const first = await store.inbox.claim({ owner: 'pump', busy: [], limit: 10, at, until: at });
    expect(first).toMatchObject([{ inbound: { text: 'written before the start' } }]);
  });

  test('and back: who polls takes the webhook away, and nothing is lost', async () => {
    const { fake, ada, store, adapter, settled } = await house();
    await settled();
    ada.tells('one');
    await eventually(async () => (await open(store)) === 1);
    await adapter.drain(1000);
    ada.tells('two');
    const poller = polling(fake);
    await poller.start(sinkOf(store));
    await eventually(async () => (await open(store)) === 2);
    expect(fake.calls('deleteWebhook')[0]?.params).toMatchObject({ drop_pending_updates: false });
  });

  test('waits until the process that polls has ended', async () => {
    const { onlyOne } = await processes();
    const { fake, ada, store, adapter } = await house({ onlyOne: onlyOne('new') });
    const old = polling(fake, onlyOne('old'));
    await old.start(sinkOf(store));
    await eventually(() => fake.isPolled());
    await adapter.start(sinkOf(store));
    await eventually(() => adapter.health().state === 'standby');
    ada.tells('one');
    await eventually(async () => (await open(store)) === 1);
    expect(fake.calls('setWebhook')).toEqual([]);
    expect(adapter.isOurs?.()).toBe(false);
    await old.drain(1000);
    await eventually(() => fake.calls('setWebhook').length === 1);
    ada.tells('two');
    await eventually(async () => (await open(store)) === 2);
    expect(fake.calls('getUpdates').filter(({ answer }) => answer?.error_code === 409)).toEqual([]);
  });

  test('that somebody moved is set back, and told', async () => {
    const { fake, ada, store, observed, settled } = await house();
    await settled();
    await fetch(`${fake.url}/bot${fake.token}/setWebhook?url=https://thief.example/hook`);
    await eventually(() => fake.calls('setWebhook').length === 3);
    ada.tells('one');
    await eventually(async () => (await open(store)) === 1);
    const words = 'the webhook pointed to thief.example, and was set back';
    expect(observed).toContainEqual({
      kind: 'channel_state',
      channel: 'telegram',
      state: 'degraded',
      reason: words,
    });
  });

  test('does not hide that Telegram gets nothing through', async () => {
    const { fake, ada, adapter, settled } = await house({ secret: 'one-that-nobody-here-takes_0123456789' });
    await settled();
    // A proxy that loses the header would have the same effect.
    await fetch(`${fake.url}/bot${fake.token}/setWebhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: fake.calls('setWebhook')[0]?.params['url'] }),
    });
    ada.tells('one');
    await eventually(() => adapter.health().reason?.startsWith('Telegram cannot reach PUBLIC_URL'));
    expect(adapter.health()).toMatchObject({ state: 'degraded', reason: expect.stringContaining('401') });
    expect(fake.pendingUpdateIds()).toHaveLength(1);
  });

  test('with a refused token is down, and asks no more', async () => {
    const { fake, adapter, store } = await house({ token: '7000000001:AAnobodyKnowsThisTokenAtAll_0123456' });
    await adapter.start(sinkOf(store));
    await eventually(() => adapter.health().state === 'down');
    expect(adapter.health().reason).toBe('the bot token was refused');
    expect(fake.calls('setWebhook')).toEqual([]);
  });

  test('outlives a network that is not there', async () => {
    const fakeTrouble = await house();
    const { fake, ada, store, adapter } = fakeTrouble;
    fake.nextFault('getMe', 'drop_before', 2);
    fake.nextFault('setWebhook', { status: 502 }, 2);
    await adapter.start(sinkOf(store));
    ada.tells('one');
    await eventually(async () => (await open(store)) === 1);
    await eventually(() => adapter.health().state === 'ok');
  });
});

const polling = (fake: { readonly token: string; readonly url: string }, onlyOne = alone) => {
  const adapter = telegramAdapter({
    token: fake.token,
    apiRoot: fake.url,
    observe: () => undefined,
    now: Date.now,
    clock: () => performance.now(),
    onDeaf: () => undefined,
    onlyOne,
    times: {
      pollSeconds: 1,
      clientSeconds: 3,
      retryMs: 20,
      between: { pauseMsMin: 20, pauseMsMax: 40, jitter: 'none' },
    },
  });
  onTestFinished(() => adapter.drain(2000));
  return adapter;
};
