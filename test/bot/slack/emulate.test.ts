import { type AddressInfo, createServer } from 'node:net';
import { createEmulator } from 'emulate';
import { expect, onTestFinished, test } from 'vitest';
import { slackSender } from '../../../src/bot/slack/send.ts';
import type { Delivery } from '../../../src/core/ports/channel.ts';
import { formQuestion } from '../../../src/core/text/cards/form-words.ts';
import { jobOf } from '../../cast.ts';
import { cardIn, noteIn, story } from '../terminal/story.ts';
import { mint } from './bench.ts';

// Against a Slack that nobody of this project wrote: its Web API, its threads, its files, its scopes.

const TOKEN = 'xoxb-emulated-000000000001';
const never = new AbortController().signal;

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address object; only pipes have text.
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
};

interface Message {
  readonly ts: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly blocks?: readonly { readonly type: string }[];
  readonly files?: readonly { readonly name: string }[];
}

/** The shapes are those of Slack's reference. */
interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly team_id?: string;
  readonly user_id?: string;
  readonly trigger_id?: string;
  readonly channels?: readonly { readonly id: string; readonly name: string }[];
  readonly messages?: readonly Message[];
}

const open = async () => {
  const emulator = await createEmulator({
    service: 'slack',
    port: await freePort(),
    seed: {
      slack: {
        team: { name: 'Ops', domain: 'ops' },
        users: [{ name: 'ana' }],
        channels: [{ name: 'ops' }],
        bots: [{ name: 'textops' }],
      },
      tokens: {
        [TOKEN]: { login: 'ana', scopes: ['chat:write', 'files:write', 'channels:read', 'channels:history'] },
      },
    },
  });
  onTestFinished(() => emulator.close());
  const call = async (method: string, params: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const response = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: new URLSearchParams(params),
    });
    return (await response.json()) as Answer;
  };
  const { team_id: team = '', user_id: user = '' } = await call('auth.test');
  const { channels = [] } = await call('conversations.list');
  const channel = channels.find(({ name }) => name === 'ops')?.id ?? '';
  const sender = slackSender({
    tokenOf: () => Promise.resolve({ token: TOKEN, of: 'us' }),
    apiRoot: `${emulator.url}/api/`,
    buttonToken: mint,
    observe: () => undefined,
    clock: () => performance.now(),
    onRefused: () => undefined,
  });
  const address = `slack:${team}:${channel}`;
  const deliver = (more: Partial<Delivery> & Pick<Delivery, 'content'>) =>
    sender.deliver({ address, correlationId: 'K7M2QX', key: 'k', ...more }, never);
  return { call, deliver, channel, team, user };
};

test('a card is posted and edited in place, and what follows hangs from it', async () => {
  const { call, deliver, channel } = await open();
  const tale = story();
  const asked = await deliver({ content: cardIn(tale.asked()) });
  if (asked.k !== 'sent' || asked.messageId === undefined) throw new Error(JSON.stringify(asked));
  const card = asked.messageId;
  expect(await deliver({ content: cardIn(tale.approved()), edits: card })).toEqual(asked);
  tale.started();
  const reply = await deliver({ content: noteIn(tale.succeeded('12 tables')), replyTo: card });
  expect(reply).toMatchObject({ k: 'sent', messageId: expect.stringMatching(new RegExp(`^${card}/`)) });
  const file = { name: 'backup-K7M2QX-attempt1.log', text: 'ünï 🙂\n'.repeat(500) };
  const logged = { kind: 'note', note: { lines: [[file.name]], actions: [] } } as const;
  expect((await deliver({ content: logged, document: file, replyTo: card })).k).toBe('sent');
  const { messages = [] } = await call('conversations.replies', { channel, ts: card });
  expect(messages[0]).toMatchObject({ ts: card, text: expect.stringContaining('Queued') });
  expect(messages[0]?.blocks?.map(({ type }) => type)).toEqual(['section', 'actions']);
  expect(messages.slice(1).every(({ thread_ts }) => thread_ts === card)).toBe(true);
  expect(messages.flatMap(({ files = [] }) => files.map(({ name }) => name))).toEqual([file.name]);
});

test('what one person alone should see stands in no history, and nowhere is nowhere', async () => {
  const { call, deliver, channel, team, user } = await open();
  const content = cardIn(story().asked());
  expect(await deliver({ content, onlyFor: `slack:${team}:${user}` })).toEqual({ k: 'sent' });
  expect((await call('conversations.history', { channel })).messages).toEqual([]);
  expect(await deliver({ content, address: `slack:${team}:C0000NONE` })).toEqual({
    k: 'dead',
    suspend: true,
    reason: 'channel_not_found',
  });
  expect(await deliver({ content, edits: '1700000000.000001' })).toEqual({ k: 'resend_new' });
});

test('a form opens as long as its permission lasts, and otherwise there is a button', async () => {
  const { call, deliver, channel } = await open();
  const job = jobOf('restart-web', 5, {
    params: { env: { type: 'string', required: true, enum: ['a', 'b'] } },
  });
  const { form, lines, actions } = formQuestion(job, {});
  const content = { kind: 'note', note: { lines, actions } } as const;
  const { trigger_id: trigger = '' } = await call('views.generateTriggerId');
  await deliver({ content, form: { form, chat: 'group', trigger } });
  expect((await call('conversations.history', { channel })).messages).toEqual([]);
  await deliver({ content, form: { form, chat: 'group', trigger } });
  const { messages = [] } = await call('conversations.history', { channel });
  expect(messages.map(({ text }) => text)).toEqual(['restart-web needs env.']);
});
