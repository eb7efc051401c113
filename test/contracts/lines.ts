import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { devChannel } from '../../src/bot/dev/channel.ts';
import { slackChannel } from '../../src/bot/slack/channel.ts';
import { smsChannel } from '../../src/bot/sms/channel.ts';
import { buttonToken } from '../../src/bot/telegram/button-token.ts';
import { telegramSender } from '../../src/bot/telegram/send.ts';
import { telegramAdapter } from '../../src/bot/telegram/start.ts';
import { terminalChannel } from '../../src/bot/terminal/channel.ts';
import { webhookOut as webhookKind } from '../../src/bot/webhook-out/kind.ts';
import { webhookSender } from '../../src/bot/webhook-out/send.ts';
import type { Observe } from '../../src/core/ports/observe.ts';
import { alone } from '../alone.ts';
import { installedNowhere } from '../bot/slack/bench.ts';
import { glass } from '../bot/terminal/glass.ts';
import { startReceiver } from '../fakes/receiver.ts';
import { seenIn } from '../fakes/slack/seen.ts';
import { BOT } from '../fakes/slack/world.ts';
import { startFakeSlack } from '../fakes/slack-server.ts';
import { start } from '../fakes/telegram/harness.ts';
import { startFakeTwilio } from '../fakes/twilio-server.ts';
import type { Line } from './channel.contract.ts';

// One way to each channel, with whoever sits at its other end.

const mint = buttonToken('a key for tests');

/** Whoever wants to know what channels tell of themselves; nobody, unless a test says so. */
export const told: { by: Observe } = { by: () => undefined };
const observe: Observe = (observation) => told.by(observation);

export const dev = (): Promise<Line> => {
  const bodies: string[] = [];
  const { sender } = devChannel({
    observe: (observation) => {
      if (observation.kind === 'outbound_dev') bodies.push(observation.body);
    },
    now: Date.now,
  });
  return Promise.resolve({
    sender,
    address: 'dev:ops',
    sees: () => bodies.join('\n'),
    count: () => bodies.length,
  });
};

export const terminal = (): Promise<Line> => {
  const input = new PassThrough();
  const { stream, rows } = glass(400);
  const shown = new Set<string>();
  let ids = 0;
  const { adapter, sender } = terminalChannel({
    input,
    output: stream,
    isTty: true,
    colour: false,
    now: Date.now,
    newId: () => `id-${(ids += 1)}`,
    timezone: 'UTC',
    buttonToken: mint,
    observe,
    onQuit: () => undefined,
  });
  const deliver: typeof sender.deliver = async (delivery, signal) => {
    const delivered = await sender.deliver(delivery, signal);
    if (delivered.k === 'sent' && delivered.messageId !== undefined) shown.add(delivered.messageId);
    return delivered;
  };
  return Promise.resolve({
    sender: { ...sender, deliver },
    address: 'terminal:chat',
    intake: { adapter, says: (text: string) => void input.write(`${text}\r`) },
    sees: () => rows().join('\n'),
    count: () => shown.size,
  });
};

export const telegram = async (): Promise<Line> => {
  const fake = await start();
  const ana = fake.addUser({ firstName: 'Ana', id: 42 });
  const server = { token: fake.token, apiRoot: fake.url, observe };
  return {
    sender: telegramSender({ ...server, buttonToken: mint }),
    address: 'telegram:42',
    intake: {
      adapter: telegramAdapter({
        ...server,
        now: Date.now,
        clock: () => performance.now(),
        onDeaf: () => undefined,
        onlyOne: alone,
        times: {
          pollSeconds: 1,
          clientSeconds: 3,
          retryMs: 20,
          between: { pauseMsMin: 20, pauseMsMax: 40, jitter: 'none' },
        },
      }),
      says: (text) => void ana.tells(text),
      confirmed: () => fake.confirmedUpdateIds().length,
    },
    sees: () =>
      fake
        .botMessages(42)
        .flatMap(({ text, buttons }) => [text, ...buttons.flat().map(({ label }) => label)])
        .join('\n'),
    count: () => fake.botMessages(42).length,
    files: () =>
      fake.botMessages(42).flatMap(({ file }) => {
        return file === undefined ? [] : [{ name: file.fileName, text: file.content }];
      }),
    breaks: () => fake.nextFault('answerCallbackQuery', 'drop_before'),
  };
};

export const slack = async (): Promise<Line> => {
  const fake = await startFakeSlack({ retryMs: 50 });
  onTestFinished(fake.close);
  const { sender, adapter } = slackChannel({
    botToken: fake.botToken,
    appToken: fake.appToken,
    apiRoot: fake.url,
    observe,
    now: Date.now,
    clock: () => performance.now(),
    buttonToken: mint,
    installations: await installedNowhere(),
    times: { between: { pauseMsMin: 20, pauseMsMax: 40, jitter: 'none' } },
  });
  const ours = () => fake.world.messages.filter(({ user }) => user === BOT);
  return {
    sender,
    address: 'slack:T1:D1',
    intake: {
      adapter,
      says: (text) => void fake.deliver(fake.make.tells('U1', 'D1', text).envelope),
      confirmed: fake.sockets.acknowledged,
    },
    sees: () => ours().map(seenIn).join('\n'),
    count: () => ours().length,
    files: () =>
      ours().flatMap(({ file }) => (file === undefined ? [] : [{ name: file.name, text: file.content }])),
    breaks: () => fake.fails('chat.postEphemeral', 'reset'),
  };
};

export const sms = async (): Promise<Line> => {
  const fake = await startFakeTwilio();
  onTestFinished(() => fake.close());
  const publicUrl = 'https://ops.example.org';
  fake.connect({ url: 'http://127.0.0.1', publicUrl });
  const { sender, adapter, webhooks } = smsChannel({
    ...fake,
    apiRoot: fake.url,
    publicUrl,
    observe,
    now: Date.now,
  });
  let confirmed = 0;
  // A provider that tries again, in order, until it was told that it was heard.
  let delivered: Promise<void> = Promise.resolve();
  const deliver = async (text: string): Promise<void> => {
    const { url, init } = fake.signed('/webhooks/twilio', fake.message('+491701234567', text));
    for (let tries = 0; tries < 50; tries += 1) {
      const answer = await webhooks[0]?.handle(new Request(url, init)).catch(() => undefined);
      if (answer?.status === 204) {
        confirmed += 1;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return {
    sender,
    address: 'sms:+491701234567',
    intake: {
      adapter,
      says: (text) => {
        delivered = delivered.then(() => deliver(text));
      },
      confirmed: () => confirmed,
    },
    sees: () => fake.sent.map(({ body }) => body).join('\n'),
    count: () => fake.sent.length,
  };
};

export const webhookOut = async (): Promise<Line> => {
  const fake = await startReceiver();
  return {
    sender: webhookSender(webhookKind.caps),
    address: fake.address,
    sees: () => fake.heard.map(({ body }) => body).join('\n'),
    count: () => fake.heard.length,
  };
};
