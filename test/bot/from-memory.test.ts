import { expect, test } from 'vitest';
import { createMemory } from '../../src/bot/from-memory.ts';
import type { Handled } from '../../src/core/flows/messages/heard.ts';
import type { Delivery, IMessageSender, Inbound } from '../../src/core/ports/channel.ts';
import { plainLines } from '../../src/core/text/cards/plain.ts';

const noon = Date.UTC(2026, 10, 21, 12, 0);

type Text = Extract<Inbound, { kind: 'text' }>;

const says = (text: string, more: Partial<Text> = {}): Text => ({
  kind: 'text',
  channel: 'telegram',
  account: 'bot',
  eventKey: text,
  address: 'telegram:42',
  lane: 'telegram:42',
  from: { identity: 'telegram:42', name: 'Ana' },
  chat: 'private',
  addressed: true,
  text,
  messageId: '7',
  ...more,
});

const well: Handled = { outcome: 'committed', intent: 'Ops', dispatched: false, outbound: [] };

/** What is answered from memory, and when. */
const open = () => {
  const clock = { at: noon };
  const sent: Delivery[] = [];
  const sender: IMessageSender = {
    channel: 'telegram',
    caps: { cards: true, textMax: 4096 },
    deliver: (delivery) => {
      sent.push(delivery);
      return Promise.resolve({ k: 'sent' });
    },
    answerPress: async () => undefined,
  };
  const memory = createMemory({ profile: 'production', senderOf: () => sender, now: () => clock.at });
  const told = () =>
    sent.flatMap(({ content }) => (content.kind === 'note' ? plainLines(content.note.lines) : []));
  return { memory, clock, told, sent };
};

const gone = Object.assign(new Error('ECONNREFUSED'), { fault: 'connection' });

test('whoever asks while the database is away hears since when, once for each message', async () => {
  const { memory, clock, told, sent } = open();
  memory.handled(says('hello'), well);
  clock.at += 60_000;
  memory.stored();
  clock.at += 60_000;
  await memory.failed([says('run backup')], gone);
  clock.at += 120_000;
  const asked = says('/ops');
  await memory.failed([says('run backup'), asked], gone);
  await memory.failed([asked], gone);
  expect(told()).toEqual([
    '⛔ Down · production · the database has not been reachable for 2m. I can hear you, but I cannot run or approve anything. Last good 12:01 UTC',
    'Look: textops doctor',
  ]);
  expect(sent[0]).toMatchObject({ address: 'telegram:42', replyTo: '7' });
  // It comes back, and goes again.
  memory.stored();
  clock.at += 1000;
  await memory.failed([says('ops', { eventKey: 'later' })], Object.assign(new Error(), { fault: 'full' }));
  expect(told()[2]).toMatch(/the disk of the database has been full for 0s/);
});

test.each([
  ['a stranger who asked to be linked', says('/ops', { from: { identity: 'telegram:67', name: 'Zed' } })],
  ['a stranger', says('/ops', { from: { identity: 'telegram:66', name: 'Eve' } })],
  ['somebody who asks for something else', says('/ops workers')],
  ['small talk', says('/ops', { addressed: false })],
  ['what was forwarded', says('/ops', { disqualified: 'forwarded' })],
])('%s hears nothing', async (_, message) => {
  const { memory, told } = open();
  memory.handled(says('hello'), well);
  const refusal = { kind: 'auth_refused', reason: 'stranger' } as const;
  memory.handled(says('hello', { from: { identity: 'telegram:66', name: 'Eve' } }), {
    ...well,
    refusal,
  });
  const zed = says('/link', { from: { identity: 'telegram:67', name: 'Zed' } });
  memory.handled(zed, { ...well, intent: 'Link' });
  await memory.failed([message], gone);
  expect(told()).toEqual([]);
});
