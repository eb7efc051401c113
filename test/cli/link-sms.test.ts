import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio-server.ts';
import { linkBench } from './link-bench.ts';

const PUBLIC = 'https://ops.example.org';
const WEBHOOK = `${PUBLIC}/webhooks/twilio`;

const installed = async () => {
  const fake = await startFakeTwilio();
  onTestFinished(fake.close);
  const bench = await linkBench(`TWILIO_API_ROOT=${fake.url}\n`);
  return { fake, ...bench, before: await bench.text() };
};

const answers = ({ accountSid, authToken, from }: FakeTwilio): readonly string[] => [
  accountSid,
  authToken,
  from,
];

test.each(['', 'https://demo.twilio.com/welcome/sms/reply', WEBHOOK])(
  'a number that sends its texts to "%s" sends them here afterwards, and all four variables are kept',
  async (smsUrl) => {
    const { fake, link, values, mode } = await installed();
    fake.routeTo(smsUrl);
    const { code, out, err } = await link(['sms', '--public-url', PUBLIC], answers(fake));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(fake.routed()).toBe(WEBHOOK);
    expect(await values()).toEqual({
      TWILIO_API_ROOT: fake.url,
      TWILIO_ACCOUNT_SID: fake.accountSid,
      TWILIO_AUTH_TOKEN: fake.authToken,
      TWILIO_FROM: fake.from,
      PUBLIC_URL: PUBLIC,
    });
    expect(await mode()).toBe(0o600);
    expect(out).toContain(`Text MENU to ${fake.from}.`);
    expect(out).not.toContain(fake.authToken);
  },
);

test('an address that is known is not asked for and not written', async () => {
  const { fake, link, values } = await installed();
  expect((await link(['sms'], answers(fake), { PUBLIC_URL: PUBLIC })).code).toBe(0);
  expect(fake.routed()).toBe(WEBHOOK);
  expect(await values()).not.toHaveProperty('PUBLIC_URL');
});

test('on a terminal the address is asked for as well, and nothing secret is shown, also when all is pasted at once', async () => {
  const { fake, run, values } = await installed();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const shown: string[] = [];
  const screen = {
    isTTY: true,
    write: (text: string) => {
      shown.push(text);
      if (text.startsWith('Account SID')) stdin.write(`${[...answers(fake), PUBLIC].join('\r')}\r`);
      return true;
    },
  };
  const { code } = await run(['link', 'sms'], { stdin, stdout: screen, stderr: screen });
  expect(code).toBe(0);
  expect(await values()).toMatchObject({ TWILIO_AUTH_TOKEN: fake.authToken, PUBLIC_URL: PUBLIC });
  expect(shown.join('')).not.toContain(fake.authToken.slice(-8));
});

test('texts of another program stay with it, unless they are taken over', async () => {
  const { fake, link, text, before } = await installed();
  fake.routeTo('https://shop.example.org/sms');
  const argv = ['sms', '--public-url', PUBLIC];
  const refused = await link(argv, answers(fake));
  expect(refused).toMatchObject({
    code: 4,
    out: '',
    err: expect.stringMatching(/goes to shop\.example\.org; nothing/),
  });
  expect(fake.routed()).toBe('https://shop.example.org/sms');
  expect(await text()).toBe(before);
  expect((await link([...argv, '--take-over'], answers(fake))).code).toBe(0);
  expect(fake.routed()).toBe(WEBHOOK);
});

test('the webhook of a messaging service is left to its owner', async () => {
  const { fake, link } = await installed();
  const service = `MG${'0c'.repeat(16)}`;
  const { code, out } = await link(
    ['sms', '--public-url', PUBLIC],
    [fake.accountSid, fake.authToken, service],
  );
  expect(code).toBe(0);
  expect(out).toContain(
    `1. In the Twilio console set "A message comes in" of the messaging service to POST ${WEBHOOK}`,
  );
  expect(fake.routed()).toBe('');
});

test('as a document without the token', async () => {
  const { fake, link } = await installed();
  const { out } = await link(['sms', '--json', '--public-url', PUBLIC], answers(fake));
  expect(out).not.toContain(fake.authToken);
  expect(JSON.parse(out)).toMatchObject({
    schema: 'textops.link/v1',
    data: { channel: 'sms', from: fake.from, webhook: WEBHOOK, routed: true, trial: false, file: '.env' },
  });
});

test.each<[string, (fake: FakeTwilio) => readonly string[], readonly string[], number, RegExp]>([
  ['no address', answers, [], 2, /^PUBLIC_URL is not set.*\n.*--public-url/],
  [
    'an address of this machine',
    answers,
    ['--public-url', 'http://localhost:5048'],
    4,
    /^PUBLIC_URL is not https/,
  ],
  [
    'an address without TLS',
    answers,
    ['--public-url', 'http://ops.example.org'],
    78,
    /^PUBLIC_URL: http is for/,
  ],
  [
    'a wrong token',
    (f) => [f.accountSid, 'x'.repeat(32), f.from],
    ['--public-url', PUBLIC],
    4,
    /^The account is refused \(401\)/,
  ],
  [
    'a number of somebody else',
    (f) => [f.accountSid, f.authToken, '+15005550001'],
    ['--public-url', PUBLIC],
    4,
    /is no number of this account/,
  ],
  [
    'no number',
    (f) => [f.accountSid, f.authToken, 'me'],
    ['--public-url', PUBLIC],
    2,
    /^TWILIO_FROM: not a phone number/,
  ],
  [
    'two lines',
    (f) => [f.accountSid, f.authToken],
    ['--public-url', PUBLIC],
    2,
    /^The answer to Number .* is missing/,
  ],
])('%s: one sentence, and nothing changes', async (_, lines, flags, code, words) => {
  const { fake, link, text, before } = await installed();
  const answer = await link(['sms', ...flags], lines(fake));
  expect(answer).toMatchObject({ code, out: '', err: expect.stringMatching(words) });
  expect(answer.err).not.toContain(fake.authToken);
  expect(await text()).toBe(before);
  expect(fake.routed()).toBe('');
});
