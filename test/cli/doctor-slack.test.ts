import { describe, expect, onTestFinished, test } from 'vitest';
import { checkSlack } from '../../src/cli/doctor/check-slack.ts';
import { SCOPES, type SlackOptions, startFakeSlack } from '../fakes/slack-server.ts';
import { cliBench } from './cli-bench.ts';

const check = async (options: SlackOptions, own: object = {}, publicUrl?: string) => {
  const fake = await startFakeSlack(options);
  onTestFinished(fake.close);
  const { botToken, appToken, url: apiRoot } = fake;
  return checkSlack({ botToken, appToken, apiRoot, ...own }, publicUrl);
};

const without = (...missing: readonly string[]): SlackOptions => ({
  scopes: SCOPES.filter((scope) => !missing.includes(scope)),
});

describe('the doctor on Slack', () => {
  test('says who we are there, and how messages reach us', async () => {
    expect(await check({})).toMatchObject({ state: 'ok', words: 'auth.test @textops in Ops, Socket Mode' });
    const called = await check({}, { appToken: undefined, signingSecret: 'x' }, 'https://ops.example.org');
    expect(called).toMatchObject({
      state: 'ok',
      words: 'auth.test @textops in Ops, called at https://ops.example.org/webhooks/slack',
    });
  });

  test('has nobody to ask where workspaces install the app themselves', async () => {
    const oauth = { clientId: '1.2', clientSecret: 'x' };
    const found = await check({}, { botToken: undefined, oauth }, 'https://ops.example.org');
    expect(found).toMatchObject({
      state: 'ok',
      words: expect.stringMatching(/^installed at https:.*\/slack\/install, /),
    });
  });

  test.each<[string, SlackOptions, object, string, RegExp]>([
    [
      'a refused bot token',
      {},
      { botToken: 'xoxb-old-one' },
      'the bot token is refused (invalid_auth)',
      /SLACK_BOT_TOKEN$/,
    ],
    [
      'a refused app token',
      {},
      { appToken: 'xapp-old-one' },
      'the app token opens no socket (invalid_auth)',
      /SLACK_APP_TOKEN$/,
    ],
    [
      'a missing scope',
      without('commands'),
      {},
      'auth.test @textops in Ops, but the token does not allow commands',
      /install it again$/,
    ],
    [
      'nobody at the address',
      {},
      { apiRoot: 'http://127.0.0.1:9/api/' },
      '127.0.0.1:9 cannot be reached',
      /SLACK_API_ROOT$/,
    ],
    ['no bot token', {}, { botToken: undefined }, 'there is no bot token', /^set SLACK_BOT_TOKEN/],
  ])('names the one thing to do about %s', async (_, options, own, words, cure) => {
    const finding = await check(options, own);
    expect(finding).toMatchObject({ what: 'slack', state: 'bad', words });
    expect(finding.cure).toMatch(cure);
  });

  test('warns of what works less well', async () => {
    expect(await check(without('files:write'))).toMatchObject({
      state: 'warning',
      words: expect.stringMatching(/without files:write$/),
    });
    const called = await check({}, { appToken: undefined }, 'http://ops.example.org');
    expect(called).toMatchObject({
      state: 'warning',
      words: 'PUBLIC_URL is not https, so Slack cannot call it',
    });
  });

  test('never shows a token', async () => {
    const fake = await startFakeSlack();
    onTestFinished(fake.close);
    const { run } = await cliBench();
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-a-wrong-token-1234567890',
      SLACK_APP_TOKEN: 'xapp-a-wrong-token-1234567890',
      SLACK_API_ROOT: fake.url,
      HTTP_PORT: '0',
    };
    const { code, out, err } = await run(['doctor'], { env });
    expect(code).toBe(1);
    expect(out).toContain('✖ slack: the bot token is refused (invalid_auth) → ');
    expect(out + err).not.toContain('wrong-token');
  });
});
