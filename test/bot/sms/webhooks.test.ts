import { describe, expect, test } from 'vitest';
import { smsChannel } from '../../../src/bot/sms/channel.ts';
import type { Inbound } from '../../../src/core/ports/channel.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { signatureOf } from '../../fakes/twilio/signature.ts';
import { startFakeTwilio } from '../../fakes/twilio-server.ts';
import { logged } from '../../log-lines.ts';

const PUBLIC = 'https://ops.example.org/textops';
const ANA = '+491701234567';

/** A door with somebody behind it who writes down what came through. */
const opened = async (store: (batch: readonly Inbound[]) => Promise<void> = async () => undefined) => {
  const fake = await startFakeTwilio();
  // Where a request went is what a proxy made of it; Twilio signed what it was told to call.
  fake.connect({ url: 'http://127.0.0.1:5048', publicUrl: PUBLIC });
  const came: Inbound[] = [];
  const seen: Observation[] = [];
  const { webhooks, adapter } = smsChannel({
    ...fake,
    apiRoot: fake.url,
    publicUrl: PUBLIC,
    observe: logged((observation) => void seen.push(observation)),
    now: Date.now,
  });
  const start = () =>
    adapter.start(async (batch) => {
      await store(batch);
      came.push(...batch);
    });
  const call = (url: string, init: RequestInit): Promise<Response> => {
    const hook = webhooks.find(({ path }) => path === new URL(url).pathname);
    if (hook === undefined) throw new Error(`nobody serves ${url}`);
    return hook.handle(new Request(url, init));
  };
  return { fake, came, seen, start, call, adapter, webhooks };
};

const path = '/webhooks/twilio';

describe('a text that comes in', () => {
  test('is stored, and only then acknowledged, with nothing in the answer', async () => {
    let stored: (() => void) | undefined;
    const { fake, came, call, start } = await opened(() => new Promise((resolve) => (stored = resolve)));
    await start();
    const form = fake.message(ANA, 'RUN backup');
    const { url, init } = fake.signed(path, form);
    let answered = false;
    const answer = call(url, init).then((response) => {
      answered = true;
      return response;
    });
    await expect.poll(() => stored).toBeDefined();
    expect(answered).toBe(false);
    stored?.();
    const response = await answer;
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(came).toEqual([
      {
        kind: 'text',
        channel: 'sms',
        account: fake.accountSid,
        eventKey: form['MessageSid'],
        address: `sms:${ANA}`,
        lane: `sms:${ANA}`,
        from: { identity: `sms:${ANA}`, name: ANA },
        chat: 'private',
        text: 'RUN backup',
        addressed: true,
        messageId: form['MessageSid'],
      },
    ]);
    await fake.close();
  });

  test('is not acknowledged when it could not be stored', async () => {
    const { fake, call, start } = await opened(() => Promise.reject(new Error('disk full')));
    await start();
    const { url, init } = fake.signed(path, fake.message(ANA, 'RUN backup'));
    await expect(call(url, init)).rejects.toThrow('disk full');
    await fake.close();
  });

  test('before the start and after the end Twilio is asked to come again', async () => {
    const { fake, call, start, adapter, came } = await opened();
    const { url, init } = fake.signed(path, fake.message(ANA, 'RUN backup'));
    expect((await call(url, init)).status).toBe(503);
    await start();
    expect((await call(url, init)).status).toBe(204);
    await adapter.drain(100);
    expect((await call(url, init)).status).toBe(503);
    expect(came).toHaveLength(1);
    await fake.close();
  });

  test.each([
    ['STOP', {}, 'stop'],
    ['  stopall ', {}, 'stop'],
    ['Cancel', {}, 'stop'],
    ['start', {}, 'start'],
    ['UNSTOP', {}, 'start'],
    ['Yes', {}, 'yes'],
    ['yes', { OptOutType: 'START' }, 'yes'],
    ['arrêt', { OptOutType: 'STOP' }, 'stop'],
    ['YES K7M2QX', {}, undefined],
    ['cancel K7M2QX', {}, undefined],
    ['HELP', {}, undefined],
  ])('%s is what the carrier takes it for', async (body, more, keyword) => {
    const { fake, came, call, start } = await opened();
    await start();
    const { url, init } = fake.signed(path, fake.message(ANA, body, more));
    expect((await call(url, init)).status).toBe(204);
    expect(came).toEqual([expect.objectContaining({ text: body })]);
    expect(came.flatMap((one) => (one.kind === 'text' ? one.keyword : 'no text'))).toEqual([keyword]);
    await fake.close();
  });

  test('a picture without words is acknowledged and forgotten', async () => {
    const { fake, came, call, start } = await opened();
    await start();
    const { url, init } = fake.signed(path, fake.message(ANA, '', { NumMedia: '1' }));
    expect([(await call(url, init)).status, came]).toEqual([204, []]);
    await fake.close();
  });
});

describe('the signature', () => {
  test('is the one of the documentation', () => {
    const form = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675310',
      Digits: '1234',
      From: '+14158675310',
      To: '+18005551212',
    };
    const url = 'https://example.com/myapp.php?foo=1&bar=2';
    expect(signatureOf('12345', url, form)).toBe('L/OH5YylLD5NRKLltdqwSvS0BnU=');
  });

  type Request = {
    url: string;
    form: Record<string, string>;
    headers: Record<string, string>;
    body?: string;
  };
  const resigned = (token: string, url: string, form: Record<string, string>) =>
    signatureOf(token, url, form);

  test.each<[string, (sent: Request, token: string) => void]>([
    ['another body', ({ form }) => void (form['Body'] = 'YES K7M2QX')],
    ['another sender', ({ form }) => void (form['From'] = '+491700000000')],
    [
      'another id, to pass for something new',
      ({ form }) => void (form['MessageSid'] = `SM${'f'.repeat(32)}`),
    ],
    ['a field more', ({ form }) => void (form['OptOutType'] = 'START')],
    ['a field less', ({ form }) => void delete form['NumMedia']],
    [
      'a field twice',
      (sent) => void (sent.body = `${new URLSearchParams(sent.form).toString()}&Body=RUN+backup`),
    ],
    [
      'a field with capitals',
      ({ form }) => {
        form['body'] = form['Body'] ?? '';
        delete form['Body'];
      },
    ],
    ['white space behind the words', ({ form }) => void (form['Body'] = 'RUN backup ')],
    [
      'another encoding of the words',
      (sent) =>
        void (sent.body = new URLSearchParams(sent.form).toString().replace('RUN+backup', 'RUN%2Bbackup')),
    ],
    ['a query behind the address', (sent) => void (sent.url += '?a=1')],
    ['the address of the other hook', (sent) => void (sent.url += '/status')],
    ['no signature', ({ headers }) => void delete headers['x-twilio-signature']],
    ['an empty signature', ({ headers }) => void (headers['x-twilio-signature'] = '')],
    [
      'a cut signature',
      ({ headers }) =>
        void (headers['x-twilio-signature'] = headers['x-twilio-signature']?.slice(0, -2) ?? ''),
    ],
    [
      'a signature in other capitals',
      ({ headers }) =>
        void (headers['x-twilio-signature'] = headers['x-twilio-signature']?.toLowerCase() ?? ''),
    ],
    [
      'the signature of another token',
      ({ headers, form }) =>
        void (headers['x-twilio-signature'] = resigned(
          'another-token-of-somebody',
          `${PUBLIC}${path}`,
          form,
        )),
    ],
    [
      'the signature over the inner address',
      (sent, token) => void (sent.headers['x-twilio-signature'] = resigned(token, sent.url, sent.form)),
    ],
    [
      'the end of the id taken from the next field',
      ({ form }) => {
        // The signature cannot tell: names and values stand behind each other without anything between.
        form['MessageSid'] = `${form['MessageSid']}NumMedia0NumSegments1`;
        delete form['NumMedia'];
        delete form['NumSegments'];
      },
    ],
    [
      'another account',
      (sent, token) => {
        sent.form['AccountSid'] = `AC${'9'.repeat(32)}`;
        sent.headers['x-twilio-signature'] = resigned(token, `${PUBLIC}${path}`, sent.form);
      },
    ],
    ['JSON', ({ headers }) => void (headers['content-type'] = 'application/json')],
    ['no type', ({ headers }) => void delete headers['content-type']],
  ])('%s: refused, and nothing is stored', async (_, mutate) => {
    const { fake, came, seen, call, start } = await opened();
    await start();
    const form = fake.message(ANA, 'RUN backup');
    const sent: Request = {
      url: `http://127.0.0.1:5048${path}`,
      form,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signatureOf(fake.authToken, `${PUBLIC}${path}`, form),
      },
    };
    mutate(sent, fake.authToken);
    const body = sent.body ?? new URLSearchParams(sent.form).toString();
    const response = await call(sent.url, { method: 'POST', headers: sent.headers, body });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(came).toEqual([]);
    expect(await response.text()).not.toContain(fake.authToken);
    expect(seen.filter(({ kind }) => kind !== 'channel_state')).toEqual([
      { kind: 'auth_refused', channel: 'sms', reason: 'bad_signature' },
    ]);
    await fake.close();
  });
});

describe('a receipt', () => {
  const receipt = async (status: string, errorCode = '') => {
    const { fake, came, call, start } = await opened();
    await start();
    const sid = `SM${'5'.repeat(32)}`;
    const form = {
      ...(errorCode === '' ? {} : { ErrorCode: errorCode }),
      MessageStatus: status,
      MessageSid: sid,
      AccountSid: fake.accountSid,
      To: ANA,
      From: fake.from,
    };
    const { url, init } = fake.signed('/webhooks/twilio/status', form);
    const answer = await call(url, init);
    await fake.close();
    return [answer.status, came] as const;
  };

  test.each([
    ['accepted', 'queued'],
    ['sending', 'queued'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('%s is a state of the message', async (status, state) => {
    const [code, came] = await receipt(status);
    expect(code).toBe(204);
    expect(came).toEqual([
      expect.objectContaining({
        kind: 'receipt',
        state,
        eventKey: `SM${'5'.repeat(32)}:${status}`,
        address: `sms:${ANA}`,
      }),
    ]);
  });

  test('a word that nobody knows is acknowledged and forgotten', async () => {
    expect(await receipt('partially_delivered')).toEqual([204, []]);
  });

  test('tells that somebody opted out', async () => {
    const [, came] = await receipt('failed', '21610');
    expect(came).toEqual([expect.objectContaining({ state: 'failed', error: '21610', optedOut: true })]);
  });
});
