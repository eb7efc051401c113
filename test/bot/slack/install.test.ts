import { describe, expect, onTestFinished, test } from 'vitest';
import { slackChannel } from '../../../src/bot/slack/channel.ts';
import { seal, unseal } from '../../../src/bot/slack/sealed.ts';
import { requestFor } from '../../fakes/slack/signing.ts';
import { CLIENT, startFakeSlack } from '../../fakes/slack-server.ts';
import { installedNowhere, mint, SECRET } from './bench.ts';

const open = async ({ now = Date.now } = {}) => {
  const fake = await startFakeSlack();
  onTestFinished(fake.close);
  const installations = await installedNowhere();
  const { webhooks, sender, adapter } = slackChannel({
    signingSecret: SECRET,
    apiRoot: fake.url,
    oauth: { clientId: CLIENT.id, clientSecret: CLIENT.secret },
    publicUrl: 'https://ops.example.org',
    installations,
    observe: () => undefined,
    now,
    clock: () => performance.now(),
    buttonToken: mint,
  });
  await adapter.start(() => Promise.resolve());
  onTestFinished(() => adapter.drain(2000));
  const handle = (path: string, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(path, 'https://ops.example.org');
    const route = webhooks.find((one) => one.path === url.pathname);
    if (route === undefined) throw new Error(`nothing at ${path}`);
    return route.handle(new Request(url, init));
  };
  const begin = async () => {
    const response = await handle('/slack/install');
    const to = new URL(response.headers.get('location') ?? '');
    return {
      response,
      to,
      cookie: response.headers.get('set-cookie') ?? '',
      state: to.searchParams.get('state') ?? '',
    };
  };
  const back = (state: string, cookie: string, code = fake.agrees()) =>
    handle(`/slack/oauth?code=${code}&state=${encodeURIComponent(state)}`, {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
  const hello = (team: string) =>
    sender.deliver(
      {
        address: `slack:${team}:C1`,
        content: { kind: 'note', note: { lines: [['hello']], actions: [] } },
        correlationId: 'x',
        key: 'k',
      },
      new AbortController().signal,
    );
  return { fake, installations, adapter, handle, begin, back, hello };
};

describe('a workspace that installs the app for itself', () => {
  test('is asked by Slack for what is needed and no more, and spoken to from then on', async () => {
    const { begin, back, hello, installations, adapter } = await open();
    expect(adapter.health().state).toBe('ok');
    expect(await hello('T2')).toMatchObject({ k: 'dead', reason: 'nobody installed this app in T2' });
    const { response, to, cookie, state } = await begin();
    expect(response.status).toBe(302);
    expect(`${to.pathname} ${to.searchParams.get('client_id')}`).toBe('/oauth/v2/authorize 1.2');
    expect(to.searchParams.get('redirect_uri')).toBe('https://ops.example.org/slack/oauth');
    expect(to.searchParams.get('scope')).not.toMatch(/admin|users|channels:history|groups:history/);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
    const installed = await back(state, cookie);
    expect([installed.status, await installed.text()]).toEqual([200, expect.stringMatching(/^Installed\. /)]);
    expect((await hello('T2')).k).toBe('sent');
    expect((await hello('T3')).k).toBe('dead');
    const row = await installations.find('slack', 'T2');
    expect(JSON.stringify(row)).not.toContain('xoxb');
  });

  test('is forgotten when it takes the app out again', async () => {
    const { begin, back, hello, handle, fake } = await open();
    const { state, cookie } = await begin();
    await back(state, cookie);
    const { payload } = fake.make.eventOf({ type: 'app_uninstalled' });
    const gone = { type: 'events_api', payload: { ...payload, team_id: 'T2' } };
    const { path, headers, body } = requestFor(SECRET, gone);
    expect((await handle(path, { method: 'POST', headers, body })).status).toBe(200);
    expect((await hello('T2')).k).toBe('dead');
  });

  test('that took the token away without a word is left alone, and no other workspace waits for it', async () => {
    const { installations, hello, begin, back, adapter } = await open();
    const sealed = seal({ token: 'xoxb-of-yesterday', botUser: 'U9' }, 'T3', CLIENT.secret);
    await installations.put({ channel: 'slack', account: 'T3', sealed, at: 0 });
    expect(await hello('T3')).toEqual({ k: 'dead', suspend: true, reason: 'invalid_auth' });
    const { state, cookie } = await begin();
    await back(state, cookie);
    expect((await hello('T2')).k).toBe('sent');
    expect(adapter.health().state).toBe('ok');
  });

  test('is not let in by another browser, a changed state, a late answer, or a code that was used', async () => {
    const clock = { offMs: 0 };
    const { begin, back, installations, fake } = await open({ now: () => Date.now() + clock.offMs });
    const { state, cookie } = await begin();
    const other = await begin();
    expect((await back(state, '')).status).toBe(403);
    expect((await back(state, other.cookie)).status).toBe(403);
    expect((await back(state.replace(/^\d/, '9'), cookie)).status).toBe(403);
    clock.offMs = 601_000;
    expect((await back(state, cookie)).status).toBe(403);
    clock.offMs = 0;
    expect((await back(state, cookie, 'never-given')).status).toBe(502);
    expect(await installations.find('slack', 'T2')).toBeUndefined();
    const code = fake.agrees();
    expect((await back(state, cookie, code)).status).toBe(200);
    expect((await back(state, cookie, code)).status).toBe(502);
  });
});

test('what is sealed opens for its workspace and with its secret only, and unchanged', () => {
  const installed = { token: 'xoxb-1', botUser: 'U1' };
  const sealed = seal(installed, 'T1', 'secret');
  expect(unseal(sealed, 'T1', 'secret')).toEqual(installed);
  expect(unseal(sealed, 'T2', 'secret')).toBeUndefined();
  expect(unseal(sealed, 'T1', 'another')).toBeUndefined();
  expect(unseal(`${sealed.slice(0, -2)}AA`, 'T1', 'secret')).toBeUndefined();
  expect(unseal('', 'T1', 'secret')).toBeUndefined();
});
