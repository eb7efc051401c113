import { PassThrough } from 'node:stream';
import { describe, onTestFinished } from 'vitest';
import { devChannel } from '../../src/bot/dev/channel.ts';
import { smsChannel } from '../../src/bot/sms/channel.ts';
import { buttonToken } from '../../src/bot/telegram/button-token.ts';
import { telegramSender } from '../../src/bot/telegram/send.ts';
import { telegramAdapter } from '../../src/bot/telegram/start.ts';
import { terminalChannel } from '../../src/bot/terminal/channel.ts';
import { alone } from '../alone.ts';
import { glass } from '../bot/terminal/glass.ts';
import { twoPm } from '../bot/terminal/story.ts';
import { start } from '../fakes/telegram/harness.ts';
import { startFakeTwilio } from '../fakes/twilio-server.ts';
import { type ChannelUnderTest, channelContract, type Line } from './channel.contract.ts';

const mint = buttonToken('a key for tests');
const observe = (): void => undefined;

const dev = (): Promise<Line> => {
  const bodies: string[] = [];
  const { sender } = devChannel({
    observe: (observation) => {
      if (observation.kind === 'outbound_dev') bodies.push(observation.body);
    },
    now: () => twoPm,
  });
  return Promise.resolve({
    sender,
    address: 'dev:ops',
    sees: () => bodies.join('\n'),
    count: () => bodies.length,
  });
};

const terminal = (): Promise<Line> => {
  const input = new PassThrough();
  const { stream, rows } = glass(400);
  const shown = new Set<string>();
  let ids = 0;
  const { adapter, sender } = terminalChannel({
    input,
    output: stream,
    isTty: true,
    colour: false,
    now: () => twoPm,
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

const telegram = async (): Promise<Line> => {
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

const sms = async (): Promise<Line> => {
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

const channels: Readonly<Record<string, ChannelUnderTest>> = {
  'the dev door': {
    connect: dev,
    lacks: {
      intake: 'its messages arrive through the web, which answers each in its own response',
      cards: 'it is plain: it shows no cards and no buttons',
      files: 'it says words and nothing else',
      screen: 'it hands words on as data, and no screen of ours shows them',
    },
  },
  'the terminal': {
    connect: terminal,
    lacks: {
      provider: 'nobody stands behind a keyboard who would repeat a line; the person is told instead',
      files: 'a file would be on the screen of the machine that has it',
      plain: 'it shows cards',
    },
  },
  Telegram: { connect: telegram, lacks: { plain: 'it shows cards' } },
  SMS: {
    connect: sms,
    lacks: {
      cards: 'it is one short text after the other',
      files: 'it says words and nothing else',
      screen: 'its alphabet has no control letters, and no markup',
      plain: 'its words are made to fit into one message',
    },
  },
};

for (const [name, channel] of Object.entries(channels)) {
  describe(`a channel: ${name}`, () => {
    channelContract(channel);
  });
}
