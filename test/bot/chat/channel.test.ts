import { expect, test } from 'vitest';
import { chatChannel } from '../../../src/bot/chat/channel.ts';
import type { Delivery, Inbound } from '../../../src/core/ports/channel.ts';
import type { Card } from '../../../src/core/text/cards/rich.ts';

const card = (title: string, actions: Card['actions'] = []): Delivery['content'] => ({
  kind: 'card',
  card: { runId: 'K7M2QX', mark: '⏳', title, badges: [], lines: [], actions },
});

const APPROVE = {
  verb: 'ap',
  label: 'Approve',
  runId: 'K7M2QX',
  bound: { epoch: 1, digest: 'd' },
} as const;

const opened = () => {
  let ids = 0;
  const heard: Inbound[] = [];
  const channel = chatChannel({
    now: () => 7,
    newId: () => `m${(ids += 1)}`,
    buttonToken: ({ verb, runId }) => `${verb}-${runId}`,
  });
  channel.opens(async (batch) => void heard.push(...batch));
  const told = { address: 'chat:local', correlationId: 'c', key: 'k' };
  const deliver = (content: Delivery['content'], edits?: string) =>
    channel.sender.deliver(
      { ...told, content, ...(edits === undefined ? {} : { edits }) },
      AbortSignal.timeout(1000),
    );
  return { ...channel, heard, deliver };
};

test('what somebody says goes in as the seat that said it, and stands on the page', async () => {
  const { chat, heard } = opened();
  await chat.say('ana', 'run hello');
  expect(heard).toMatchObject([
    {
      kind: 'text',
      channel: 'chat',
      address: 'chat:local',
      from: { identity: 'dev:ana' },
      text: 'run hello',
    },
  ]);
  expect(chat.entries()).toMatchObject([{ kind: 'said', seat: 'ana', text: 'run hello' }]);
});

test('a card is edited in place, and one that nobody sees any more comes anew', async () => {
  const { chat, deliver } = opened();
  const sent = await deliver(card('Approval needed'));
  expect(sent).toMatchObject({ k: 'sent', messageId: 'm1' });
  expect(await deliver(card('Running'), 'm1')).toEqual({ k: 'sent', messageId: 'm1' });
  expect(chat.entries()).toMatchObject([{ id: 'm1', isEdited: true, content: card('Running') }]);
  expect(await deliver(card('Running'), 'm9')).toEqual({ k: 'resend_new' });
});

test('a button carries its token, and its answer flashes up for whoever pressed it', async () => {
  const { chat, sender, deliver, heard } = opened();
  await deliver(card('Approval needed', [APPROVE]));
  expect(await chat.press('bob', 'm1', 0)).toBe('pressed');
  expect(heard).toMatchObject([
    {
      kind: 'button',
      from: { identity: 'dev:bob' },
      press: { verb: 'ap', runId: 'K7M2QX', token: 'ap-K7M2QX' },
    },
  ]);
  const [pressed] = heard;
  if (pressed?.kind !== 'button') throw new Error('nothing was pressed');
  await sender.answerPress(pressed.press.pressId, { text: 'Approved', alert: false });
  await sender.answerPress('unknown', { text: 'x', alert: false });
  expect(chat.entries().slice(1)).toMatchObject([{ kind: 'flash', seat: 'bob', text: 'Approved' }]);
  for (const [message, number] of [
    ['m1', 1],
    ['m9', 0],
    ['m1', Number.NaN],
  ] as const) {
    expect(await chat.press('bob', message, number)).toBe('gone');
  }
});

test('the newest hundred are kept, and whoever looks on is told of each change', async () => {
  const { chat, closes } = opened();
  let told = 0;
  const forget = chat.onChange(() => (told += 1));
  for (let line = 1; line <= 120; line += 1) await chat.say('ana', `line ${line}`);
  expect(chat.entries()).toHaveLength(100);
  forget();
  await chat.say('ana', 'more');
  expect(told).toBe(120);
  await closes();
  await expect(chat.say('ana', 'too late')).rejects.toThrow('closed');
});
