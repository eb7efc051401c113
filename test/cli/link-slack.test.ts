import { expect, onTestFinished, test } from 'vitest';
import { ana, noon } from '../cast.ts';
import { SCOPES, type SlackOptions, startFakeSlack } from '../fakes/slack-server.ts';
import { linkBench } from './link-bench.ts';

const installed = async (options: SlackOptions = {}) => {
  const fake = await startFakeSlack(options);
  onTestFinished(fake.close);
  const bench = await linkBench(`SLACK_API_ROOT=${fake.url}\nSLACK_BOT_TOKEN=\n`);
  return { fake, ...bench, before: await bench.text() };
};

test('both tokens are proved and kept, and the first owner is a line of the file', async () => {
  const { fake, link, values, mode } = await installed();
  const { code, out, err } = await link(['slack'], [fake.botToken, fake.appToken]);
  expect(code).toBe(0);
  expect(await values()).toEqual({
    SLACK_API_ROOT: fake.url,
    SLACK_BOT_TOKEN: fake.botToken,
    SLACK_APP_TOKEN: fake.appToken,
  });
  expect(await mode()).toBe(0o600);
  expect(out).toContain('@textops in Ops, over a socket; .env has SLACK_BOT_TOKEN, SLACK_APP_TOKEN now.');
  expect(out).toContain('/textops whoami');
  expect(out).toContain('people: { you: { identities: ["slack:T1:YOUR_ID"], roles: [owner] } }');
  expect(out + err).not.toMatch(/fake-(bot|app)-token/);
  expect(fake.calls().map(({ method }) => method)).toEqual(['auth.test', 'apps.connections.open']);
});

test('where there is an owner, others are admitted; who is known there only has to look', async () => {
  const { fake, link, inStore } = await installed();
  const lets = async (identities: readonly string[]) => {
    const ola = { ...ana, roles: ['owner'], identities: [...identities] };
    await inStore(async (store) => void (await store.people.replaceFilePeople([ola], noon)));
    return (await link(['slack'], [fake.botToken, fake.appToken])).out;
  };
  expect(await lets(['telegram:1'])).toContain('admit CODE ROLE');
  expect(await lets(['telegram:1', 'slack:T1:U1'])).not.toMatch(/admit|people:/);
});

test('as a document without tokens, with what works less well', async () => {
  const { fake, link } = await installed({ scopes: SCOPES.filter((scope) => scope !== 'files:write') });
  const { out } = await link(['slack', '--json'], [fake.botToken, fake.appToken]);
  expect(out).not.toMatch(/xox|xapp/);
  expect(JSON.parse(out)).toMatchObject({
    schema: 'textops.link/v1',
    data: {
      channel: 'slack',
      bot: 'textops',
      team: 'Ops',
      teamId: 'T1',
      without: 'files:write',
      replaced: [],
    },
  });
});

test.each<
  [string, (fake: { botToken: string; appToken: string }) => readonly string[], SlackOptions, number, RegExp]
>([
  [
    'tokens in the wrong order',
    ({ botToken, appToken }) => [appToken, botToken],
    {},
    2,
    /^SLACK_BOT_TOKEN: .*xoxb/,
  ],
  ['one token', ({ botToken }) => [botToken], {}, 2, /^The answer to App-Level Token .* is missing/],
  [
    'an old bot token',
    ({ appToken }) => ['xoxb-old-one', appToken],
    {},
    4,
    /^The bot token is refused \(invalid_auth\)/,
  ],
  ['an old app token', ({ botToken }) => [botToken, 'xapp-old-one'], {}, 4, /^The app token opens no socket/],
  [
    'a missing scope',
    ({ botToken, appToken }) => [botToken, appToken],
    { scopes: SCOPES.filter((scope) => scope !== 'commands') },
    4,
    /does not allow commands; nothing changed\.\nAdd commands under/,
  ],
])('%s: one sentence, and nothing changes', async (_, lines, options, code, words) => {
  const { fake, link, text, before } = await installed(options);
  const answer = await link(['slack', '--json'], lines(fake));
  const { error } = JSON.parse(answer.err) as { error: { message: string; hint: string } }; // the shape of every error
  expect(answer).toMatchObject({ code, out: '' });
  expect(`${error.message}\n${error.hint}`).toMatch(words);
  expect(answer.err).not.toMatch(/old-one|fake-(bot|app)-token/);
  expect(await text()).toBe(before);
});
