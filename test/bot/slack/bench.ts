import { onTestFinished } from 'vitest';
import { type SlackParts, slackChannel } from '../../../src/bot/slack/channel.ts';
import { buttonToken } from '../../../src/bot/telegram/button-token.ts';
import type { Inbound } from '../../../src/core/ports/channel.ts';
import type { IInstallations } from '../../../src/core/ports/installations.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { openStore } from '../../../src/db/open.ts';
import { createPeople } from '../../fakes/slack/people.ts';
import { createWorld } from '../../fakes/slack/world.ts';
import { type SlackOptions, startFakeSlack } from '../../fakes/slack-server.ts';
import { logged } from '../../log-lines.ts';

/** Where nobody has installed the app yet. */
export const installedNowhere = async (): Promise<IInstallations> => {
  const store = await openStore({ url: ':memory:' });
  onTestFinished(() => store.close());
  return store.installations;
};

export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const mint = buttonToken('a key for tests');

/** People whose envelopes go nowhere by themselves. */
export const people = () => {
  const world = createWorld();
  return { world, ...createPeople(world, () => '').make };
};

/** Slack by its calls, in front of an inbox that is a list. */
export const calledBySlack = async ({ now = Date.now } = {}) => {
  const fake = await startFakeSlack();
  onTestFinished(fake.close);
  const seen: Observation[] = [];
  const inbox: Inbound[] = [];
  const state: { broken: boolean } = { broken: false };
  const { webhooks, adapter } = slackChannel({
    botToken: fake.botToken,
    signingSecret: SECRET,
    apiRoot: fake.url,
    observe: logged((observation) => void seen.push(observation)),
    now,
    clock: () => performance.now(),
    buttonToken: mint,
    installations: await installedNowhere(),
  });
  await adapter.start((batch) => {
    if (state.broken) return Promise.reject(new Error('database or disk is full'));
    inbox.push(...batch);
    return Promise.resolve();
  });
  onTestFinished(() => adapter.drain(2000));
  const handle = (path: string, init: RequestInit): Promise<Response> => {
    const route = webhooks.find((one) => one.path === path);
    if (route === undefined) throw new Error(`nothing at ${path}`);
    return route.handle(new Request(`https://ops.example.org${path}`, { method: 'POST', ...init }));
  };
  return { fake, inbox, seen, state, adapter, handle };
};

/** Slack over a socket, with a sender. */
export const connectedToSlack = async (options: SlackOptions = {}, own: Partial<SlackParts> = {}) => {
  const fake = await startFakeSlack({ retryMs: 60, ...options });
  onTestFinished(fake.close);
  const seen: Observation[] = [];
  const channel = slackChannel({
    botToken: fake.botToken,
    appToken: fake.appToken,
    apiRoot: fake.url,
    observe: logged((observation) => void seen.push(observation)),
    now: Date.now,
    clock: () => performance.now(),
    buttonToken: mint,
    installations: await installedNowhere(),
    timeoutMs: 500,
    times: { between: { pauseMsMin: 20, pauseMsMax: 40, jitter: 'none' } },
    ...own,
  });
  return { fake, seen, ...channel };
};
