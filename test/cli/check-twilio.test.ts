import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkTwilio } from '../../src/cli/doctor/check-twilio.ts';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio-server.ts';

const PUBLIC = 'https://ops.example.org';

let fake: FakeTwilio;
beforeEach(async () => {
  fake = await startFakeTwilio();
  fake.routeTo(`${PUBLIC}/webhooks/twilio`);
});
afterEach(() => fake.close());

const settings = (more: object = {}) => ({
  accountSid: fake.accountSid,
  authToken: fake.authToken,
  from: fake.from,
  apiRoot: fake.url,
  ...more,
});

test('a number whose texts arrive here is well', async () => {
  expect(await checkTwilio(settings(), PUBLIC)).toEqual({
    what: 'twilio',
    state: 'ok',
    words: '+15005550006, webhook set',
  });
});

test.each<[string, object, string | undefined, string, RegExp, RegExp]>([
  ['a wrong token', { authToken: 'x'.repeat(32) }, PUBLIC, 'bad', /refused \(401\)/, /TWILIO_AUTH_TOKEN/],
  ['another number', { from: '+15005550001' }, PUBLIC, 'bad', /no number of this account/, /TWILIO_FROM/],
  ['no address outside', {}, undefined, 'warning', /not https/, /PUBLIC_URL/],
  ['an address without https', {}, 'http://127.0.0.1:5048', 'warning', /not https/, /PUBLIC_URL/],
  [
    'an address that moved',
    {},
    'https://new.example.org',
    'bad',
    /goes to ops\.example\.org by POST/,
    /https:\/\/new\.example\.org\/webhooks\/twilio/,
  ],
  ['nobody there', { apiRoot: 'http://127.0.0.1:1' }, PUBLIC, 'bad', /cannot be reached/, /network/],
])('%s, and the one thing to do', async (_, more, publicUrl, state, words, cure) => {
  const found = await checkTwilio(settings(more), publicUrl);
  expect(found).toMatchObject({
    state,
    words: expect.stringMatching(words),
    cure: expect.stringMatching(cure),
  });
  expect(JSON.stringify(found)).not.toContain(fake.authToken);
});

test('a messaging service is named, and not looked into', async () => {
  expect(await checkTwilio(settings({ from: `MG${'b'.repeat(32)}` }), PUBLIC)).toMatchObject({ state: 'ok' });
});
