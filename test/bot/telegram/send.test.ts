import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buttonToken } from '../../../src/bot/telegram/button-token.ts';
import { telegramSender } from '../../../src/bot/telegram/send.ts';
import type { Delivery } from '../../../src/core/ports/channel.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import type { Card, Line } from '../../../src/core/text/cards/rich.ts';
import { start } from '../../fakes/telegram/harness.ts';
import type { FakeTelegram } from '../../fakes/telegram-server.ts';

const signal = new AbortController().signal;

const setUp = async (timeoutMs = 5000) => {
  const fake = await start();
  const ada = fake.addUser({ firstName: 'Ada', id: 42 });
  return { fake, ada, ...senderOn(fake, timeoutMs) };
};

const senderOn = (fake: Pick<FakeTelegram, 'url' | 'token'>, timeoutMs = 5000, token = fake.token) => {
  const observations: Observation[] = [];
  const sender = telegramSender({
    token,
    apiRoot: fake.url,
    buttonToken: buttonToken('key'),
    observe: (observation) => observations.push(observation),
    timeoutMs,
  });
  return { sender, observations };
};

const basics = { correlationId: 'K7M2QX', key: 'k', address: 'telegram:42' };

const note = (line: Line, more: Partial<Delivery> = {}): Delivery => ({
  ...basics,
  content: { kind: 'note', note: { lines: [line], actions: [] } },
  ...more,
});

const card = (title: string, more: Partial<Delivery> = {}, actions: Card['actions'] = []): Delivery => ({
  ...basics,
  content: {
    kind: 'card',
    card: { runId: 'K7M2QX', mark: '⏳', title, badges: [], lines: [['backup v3']], actions },
  },
  ...more,
});

const approve = { verb: 'ap', label: 'Approve', runId: 'K7M2QX', bound: { epoch: 1, digest: 'd' } } as const;

describe('a file to Telegram', () => {
  const document = { name: 'backup-K7M2QX-attempt3.log', text: 'größer als <b>\n'.repeat(60_000) };

  it('goes out whole, under the card, without a sound', async () => {
    const { fake, ada, sender } = await setUp();
    const shown = ada.tells('/run backup');
    const content: Delivery['content'] = {
      kind: 'note',
      note: { lines: [[document.name]], actions: [], silent: true },
    };
    const delivery = { ...basics, content, document, replyTo: String(shown.message_id) };
    const sent = await sender.deliver(delivery, signal);
    const [seen] = fake.botMessages(42);
    expect(sent).toEqual({ k: 'sent', messageId: String(seen?.messageId) });
    expect(seen).toMatchObject({ text: '', silent: true, replyTo: shown.message_id });
    expect(seen?.file?.fileName).toBe(document.name);
    expect(seen?.file?.content).toBe(document.text);
  });

  it('that is refused, or not answered, is settled like any other message', async () => {
    const { fake, ada, sender } = await setUp();
    ada.blocks();
    expect(await sender.deliver({ ...note(['x']), document }, signal)).toMatchObject({
      k: 'dead',
      suspend: true,
    });
    await fake.close();
    expect(await sender.deliver({ ...note(['x']), document }, signal)).toMatchObject({
      k: 'pause',
      scope: 'all',
    });
  });
});

describe('a message to Telegram', () => {
  it('goes out as HTML under the message that asked, with its buttons', async () => {
    const { fake, ada, sender } = await setUp();
    const asked = ada.tells('/run backup');
    const sent = await sender.deliver(
      card('Approval needed', { replyTo: String(asked.message_id) }, [approve]),
      signal,
    );
    const [seen] = fake.botMessages(42);
    expect(sent).toEqual({ k: 'sent', messageId: String(seen?.messageId) });
    expect(seen).toMatchObject({
      text: '⏳ Approval needed · K7M2QX\nbackup v3',
      replyTo: asked.message_id,
      silent: false,
    });
    expect(seen?.buttons[0]?.[0]?.data).toMatch(/^v1:ap:K7M2QX:[\w-]{16}$/);
    expect(fake.calls('sendMessage')[0]?.params).toMatchObject({
      link_preview_options: { is_disabled: true },
    });
  });

  it('is edited in place, loses its buttons, and an edit that changes nothing is done', async () => {
    const { fake, sender } = await setUp();
    await sender.deliver(card('Approval needed', {}, [approve]), signal);
    const edits = String(fake.botMessages(42)[0]?.messageId);
    expect(await sender.deliver(card('Running', { edits }), signal)).toEqual({ k: 'sent', messageId: edits });
    expect(await sender.deliver(card('Running', { edits }), signal)).toEqual({ k: 'sent', messageId: edits });
    expect(fake.botMessages(42)).toMatchObject([
      { text: '⏳ Running · K7M2QX\nbackup v3', buttons: [], editCount: 1 },
    ]);
    expect(await sender.deliver(card('Running', { edits: '999' }), signal)).toEqual({ k: 'resend_new' });
  });

  it('goes out though the message that it answers is gone, and without a sound when it is silent', async () => {
    const { fake, sender } = await setUp();
    const silent = { kind: 'note', note: { lines: [['hush']], actions: [], silent: true } } as const;
    const sent = await sender.deliver({ ...basics, content: silent, replyTo: '999' }, signal);
    expect(sent).toMatchObject({ k: 'sent' });
    expect(fake.botMessages(42)).toMatchObject([{ silent: true, replyTo: undefined }]);
  });

  it('goes to its topic, and to the general one when that is closed', async () => {
    const { fake, sender } = await setUp();
    const group = fake.addChat({ type: 'supergroup', title: 'ops', forum: true });
    const topic = fake.addTopic(group.id, 'deploys');
    const address = `telegram:${group.id}/${topic}`;
    await sender.deliver(note(['one'], { address }), signal);
    fake.closeTopic(group.id, topic);
    expect(await sender.deliver(note(['two'], { address }), signal)).toMatchObject({ k: 'sent' });
    expect(fake.botMessages(group.id).map(({ threadId }) => threadId)).toEqual([topic, undefined]);
  });

  it('never becomes markup: a name with brackets arrives as it is', async () => {
    const { fake, sender } = await setUp();
    await sender.deliver(note(['<b>you</b> & co', { mention: 'telegram:42', name: '<Ada>' }]), signal);
    expect(fake.botMessages(42)[0]?.text).toBe('<b>you</b> & co<Ada>');
  });
});

describe('what goes wrong', () => {
  it('a blocked bot suspends, a pause is obeyed, a moved group is followed', async () => {
    const { fake, ada, sender } = await setUp();
    ada.blocks();
    expect(await sender.deliver(note(['x']), signal)).toMatchObject({ k: 'dead', suspend: true });
    const group = fake.addChat({ type: 'group', title: 'ops' });
    const address = `telegram:${group.id}`;
    fake.pauseSends(group.id, 3);
    expect(await sender.deliver(note(['x'], { address }), signal)).toEqual({
      k: 'pause',
      ms: 3000,
      scope: 'lane',
    });
    const moved = fake.migrate(group.id, 42);
    expect(await sender.deliver(note(['x'], { address }), signal)).toEqual({
      k: 'readdress',
      to: `telegram:${moved}`,
    });
  });

  it('a fault of the server is tried again, a lost answer is ambiguous, a second copy is never sent here', async () => {
    const { fake, sender } = await setUp(300);
    fake.nextFault('sendMessage', { status: 502 });
    expect(await sender.deliver(note(['x']), signal)).toMatchObject({ k: 'retry', ambiguous: false });
    for (const fault of ['drop_after', 'hang_after', 'truncated'] as const) {
      fake.nextFault('sendMessage', fault);
      expect(await sender.deliver(note(['x']), signal)).toMatchObject({ k: 'retry', ambiguous: true });
    }
    expect(fake.calls('sendMessage')).toHaveLength(4);
  });

  it('a server that is not there is no attempt', async () => {
    const { fake, sender } = await setUp();
    await fake.close();
    expect(await sender.deliver(note(['x']), signal)).toEqual({ k: 'pause', ms: 5000, scope: 'all' });
  });

  it('a refused token stops the channel and is told', async () => {
    const { fake } = await setUp();
    const { sender, observations } = senderOn(fake, 5000, '7000000001:AAAnotherTokenThatNobodyKnows_01234');
    expect(await sender.deliver(note(['x']), signal)).toMatchObject({ k: 'pause', scope: 'all' });
    expect(observations).toMatchObject([{ kind: 'channel_state', state: 'down' }]);
    expect(JSON.stringify(observations)).not.toContain('AAAnother');
  });

  it('an address of another channel is nothing to send to', async () => {
    const { sender } = await setUp();
    for (const address of ['dev:ops', 'telegram:', 'telegram:ops', 'telegram:1/x']) {
      expect(await sender.deliver(note(['x'], { address }), signal)).toMatchObject({
        k: 'dead',
        suspend: false,
      });
    }
  });
});

describe('markup that Telegram does not understand', () => {
  const bodies: unknown[] = [];

  /** A server that refuses every markup; it stands for a fault in our own escaping. */
  const fussy = async (refusesPlain: 'too' | 'not') => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { parse_mode?: string };
        bodies.push(body);
        const refused = body.parse_mode !== undefined || refusesPlain === 'too';
        const description = "Bad Request: can't parse entities: Unclosed start tag";
        const answer = refused
          ? { ok: false, error_code: 400, description }
          : { ok: true, result: { message_id: 9 } };
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return senderOn({
      url: `http://127.0.0.1:${port}`,
      token: '7000000001:AAFakeTelegramTokenForTests_0123456',
    });
  };

  it('is sent once more as plain words, and somebody is told', async () => {
    const { sender, observations } = await fussy('not');
    expect(await sender.deliver(note(['a < b ', { bold: 'now' }]), signal)).toEqual({
      k: 'sent',
      messageId: '9',
    });
    expect(bodies.at(-1)).toMatchObject({ text: 'a < b now' });
    expect(bodies.at(-1)).not.toHaveProperty('parse_mode');
    expect(observations).toMatchObject([{ kind: 'loop_faulted', loop: 'telegram markup' }]);
  });

  it('ends when even that is refused', async () => {
    const { sender } = await fussy('too');
    expect(await sender.deliver(note(['x']), signal)).toMatchObject({ k: 'dead', suspend: false });
  });
});

describe('the answer to a press', () => {
  it('is shown once; late and repeated answers are nobody’s trouble', async () => {
    const { fake, ada, sender } = await setUp();
    await sender.deliver(card('Approval needed', {}, [approve]), signal);
    const query = ada.presses(fake.botMessages(42)[0]?.messageId ?? 0, 'Approve');
    await sender.answerPress(query, { text: `Approved K7M2QX${'!'.repeat(300)}`, alert: true });
    expect(fake.callbackAnswer(query)).toMatchObject({ showAlert: true });
    expect(fake.callbackAnswer(query)?.text).toHaveLength(200);
    await sender.answerPress(query, { text: 'again', alert: false });
    await sender.answerPress('no such query', { text: '', alert: false });
    await fake.close();
    await sender.answerPress(query, { text: '', alert: false });
  });
});
