import { expect, onTestFinished, type TestContext, test } from 'vitest';
import type {
  Delivered,
  Delivery,
  IChannelAdapter,
  IMessageSender,
  Inbound,
  InboundSink,
} from '../../src/core/ports/channel.ts';
import { eventually } from '../bot/eventually.ts';
import { cardIn, noteIn, story } from '../bot/terminal/story.ts';

/** One channel and whoever sits at its other end. */
export interface Line {
  readonly sender: IMessageSender;
  readonly address: string;
  readonly intake?: Intake;
  /** Everything that a person sees there now, buttons included. */
  readonly sees: () => string | Promise<string>;
  /** How many messages of the bot stand there. */
  readonly count: () => number;
  /** The files that stand there. */
  readonly files?: () => readonly { readonly name: string; readonly text: string }[];
  /** Makes the provider fail at the next answer to a press. */
  readonly breaks?: () => void;
}

interface Intake {
  readonly adapter: IChannelAdapter;
  readonly says: (text: string) => void;
  /** How many messages the provider takes for delivered. */
  readonly confirmed?: () => number;
}

/** Why a channel cannot be held to a law; printed with the skipped test. */
type Law = 'intake' | 'provider' | 'cards' | 'files' | 'screen' | 'plain';

export interface ChannelUnderTest {
  readonly connect: () => Promise<Line>;
  readonly lacks: Readonly<Partial<Record<Law, string>>>;
}

const never = new AbortController().signal;

export const channelContract = ({ connect, lacks }: ChannelUnderTest): void => {
  const law = (title: string, needs: readonly Law[], proof: (line: Line) => Promise<void>): void => {
    // oxlint-disable-next-line vitest/valid-title -- the words of the law are the title
    test(title, async ({ skip }: TestContext) => {
      const missing = needs.flatMap((need) => lacks[need] ?? [])[0];
      if (missing !== undefined) skip(missing);
      await proof(await connect());
    });
  };
  intakeLaws(law);
  deliveryLaws(law);
};

type TellLaw = (title: string, needs: readonly Law[], proof: (line: Line) => Promise<void>) => void;

const intakeOf = ({ intake }: Line): Intake => {
  if (intake === undefined) throw new Error('this channel takes nothing in');
  return intake;
};

const open = async (line: Line, sink: InboundSink): Promise<Intake> => {
  const intake = intakeOf(line);
  await intake.adapter.start(sink);
  onTestFinished(() => intake.adapter.drain(2000));
  return intake;
};

const textsOf = (taken: readonly Inbound[]): readonly string[] =>
  taken.flatMap((inbound) => (inbound.kind === 'text' ? [inbound.text] : []));

const intakeLaws = (law: TellLaw): void => {
  law('what is said is handed on once, in order, each under a key of its own', ['intake'], async (line) => {
    const taken: Inbound[] = [];
    const { adapter, says } = await open(line, (batch) => Promise.resolve(void taken.push(...batch)));
    for (const text of ['run backup', 'yes', 'run backup']) says(text);
    await eventually(() => taken.length >= 3);
    expect(textsOf(taken)).toEqual(['run backup', 'yes', 'run backup']);
    expect(new Set(taken.map(({ eventKey }) => eventKey)).size).toBe(3);
    for (const { channel, address } of taken) {
      expect({ channel, address }).toEqual({ channel: adapter.channel, address: line.address });
    }
    expect(adapter.channel).toBe(line.sender.channel);
    expect(line.address.startsWith(`${adapter.channel}:`)).toBe(true);
  });

  law('nothing is confirmed before it is stored', ['intake', 'provider'], async (line) => {
    let store: (() => void) | undefined;
    const { says, confirmed } = await open(
      line,
      () =>
        new Promise((resolve) => {
          store = resolve;
        }),
    );
    says('run backup');
    const stored = await eventually(() => store);
    expect(confirmed?.()).toBe(0);
    stored();
    await eventually(() => confirmed?.() === 1);
  });

  law('what could not be stored comes again', ['intake', 'provider'], async (line) => {
    const taken: Inbound[] = [];
    let tries = 0;
    const { says, confirmed } = await open(line, (batch) => {
      tries += 1;
      if (tries < 3) return Promise.reject(new Error('database or disk is full'));
      taken.push(...batch);
      return Promise.resolve();
    });
    says('run backup');
    await eventually(() => confirmed?.() === 1);
    expect(textsOf(taken)).toEqual(['run backup']);
    expect(tries).toBe(3);
  });

  law('what could not be stored is seen in its health', ['intake'], async (line) => {
    const { adapter, says } = await open(line, () => Promise.reject(new Error('database or disk is full')));
    says('run backup');
    await eventually(() => adapter.health().state === 'degraded');
    expect(adapter.health().reason).not.toBe('');
  });

  law('its end waits for what is being stored, and takes nothing more', ['intake'], async (line) => {
    let store: (() => void) | undefined;
    const taken: Inbound[] = [];
    const { adapter, says } = await open(line, async (batch) => {
      await new Promise<void>((resolve) => {
        store = resolve;
      });
      taken.push(...batch);
    });
    says('one');
    const stored = await eventually(() => store);
    const order: string[] = [];
    const drained = adapter.drain(5000).then(() => order.push('drained'));
    says('two');
    order.push('stored');
    stored();
    await drained;
    expect(order).toEqual(['stored', 'drained']);
    expect(textsOf(taken)).toEqual(['one']);
  });

  law('its health always has a state and a name', ['intake'], async (line) => {
    const { adapter, says } = await open(line, () => Promise.resolve());
    const states = ['ok', 'degraded', 'down'];
    expect(states).toContain(adapter.health().state);
    says('help');
    await eventually(() => adapter.health().state === 'ok' && adapter.health().lastHeardMs !== undefined);
    expect(adapter.health().channel).toBe(line.sender.channel);
    await adapter.drain(2000);
    expect(states).toContain(adapter.health().state);
  });
};

const idOf = (delivered: Delivered): string | undefined =>
  delivered.k === 'sent' ? delivered.messageId : `not sent: ${delivered.k}`;

const HOSTILE = '<b>x</b><a href="tg://user?id=1">y</a> &amp; \u001B[2J\u0007\u202Eevil\u2066 end';

const deliveryLaws = (law: TellLaw): void => {
  let keys = 0;
  const send = ({ sender, address }: Line, content: Delivery['content'], edits?: string) => {
    const key = `k${(keys += 1)}`;
    const place = edits === undefined ? {} : { edits };
    return sender.deliver({ address, content, correlationId: 'K7M2QX', key, ...place }, never);
  };

  law('an edited card stays the message that it was', ['cards'], async (line) => {
    const tale = story();
    const messageId = idOf(await send(line, cardIn(tale.asked())));
    expect(messageId).toMatch(/./);
    expect(idOf(await send(line, cardIn(tale.approved()), messageId))).toBe(messageId);
    expect(idOf(await send(line, cardIn(tale.started()), messageId))).toBe(messageId);
    expect(line.count()).toBe(1);
    expect(await line.sees()).toContain('Running');
  });

  law('the same content twice is no fault', ['cards'], async (line) => {
    const card = cardIn(story().asked());
    const messageId = idOf(await send(line, card));
    expect(idOf(await send(line, card, messageId))).toBe(messageId);
  });

  law('a message takes the place of an earlier one, buttons and all', ['cards'], async (line) => {
    const question = (words: string, label: string) =>
      ({
        kind: 'note',
        note: { lines: [[words]], actions: [{ verb: 'px', label, argument: 'D8D8D8' }] },
      }) as const;
    const messageId = idOf(await send(line, question('Which one?', 'Stop asking')));
    expect(messageId).toMatch(/./);
    expect(idOf(await send(line, question('How many?', 'Use 1'), messageId))).toBe(messageId);
    expect(line.count()).toBe(1);
    const seen = await line.sees();
    expect(seen).toContain('How many?');
    expect(seen).toContain('Use 1');
  });

  law('a file arrives whole, under its name', ['files'], async (line) => {
    const { sender, address } = line;
    expect(sender.caps.documents).toBe(true);
    const document = { name: 'backup-K7M2QX-attempt3.log', text: `${HOSTILE} ünï 🙂\n`.repeat(5000) };
    const content = { kind: 'note', note: { lines: [[document.name]], actions: [], silent: true } } as const;
    const basics = { address, content, document, correlationId: 'K7M2QX', key: 'k' };
    expect((await sender.deliver(basics, never)).k).toBe('sent');
    expect(line.files?.()).toEqual([document]);
  });

  law('a card shows its run and everything that can be done with it', ['cards'], async (line) => {
    const content = cardIn(story().asked());
    await send(line, content);
    const seen = await line.sees();
    expect(seen).toContain(content.card.runId);
    expect(seen).toContain(content.card.title);
    for (const { label } of content.card.actions) expect(seen).toContain(label);
  });

  law('however much a card says, its run and its verbs are never cut', ['cards'], async (line) => {
    const { card } = cardIn(story().asked());
    const lines = Array.from({ length: 400 }, (_, index) => [`line ${index} ${'<&>'.repeat(40)}`]);
    const delivered = await send(line, { kind: 'card', card: { ...card, lines } });
    expect(delivered.k).toBe('sent');
    const seen = await line.sees();
    expect(seen).toContain(card.runId);
    for (const { label } of card.actions) expect(seen).toContain(label);
  });

  law('text from outside is text: no markup, no control, no turned direction', ['screen'], async (line) => {
    const { card } = cardIn(story().asked());
    await send(line, { kind: 'card', card: { ...card, lines: [[HOSTILE], [{ code: HOSTILE }]] } });
    const note = { lines: [[{ bold: HOSTILE }], [HOSTILE]], pre: [HOSTILE], actions: [] };
    await send(line, { kind: 'note', note });
    const seen = await line.sees();
    expect(seen.split('<b>x</b><a href="tg://user?id=1">y</a> &amp;')).toHaveLength(6);
    expect(seen).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/);
    expect(seen).toContain('evil');
  });

  law('the plain wording is said word for word', ['plain'], async (line) => {
    const tale = story();
    const asked = cardIn(tale.asked());
    const approved = cardIn(tale.approved());
    tale.started();
    const done = noteIn(tale.succeeded("Job 'hello' completed successfully"));
    for (const content of [asked, approved, done]) expect((await send(line, content)).k).toBe('sent');
    expect(await line.sees()).toBe(
      [
        'Job "hello" is ready. Reply YES K7M2QX to approve or NO K7M2QX to deny.',
        'Approved. Starting run K7M2QX for job "hello"…',
        "Run K7M2QX succeeded: Job 'hello' completed successfully",
      ].join('\n'),
    );
  });

  law('the answer to a press never fails', [], async ({ sender, breaks }) => {
    await expect(sender.answerPress('nobody pressed', { text: '', alert: false })).resolves.toBeUndefined();
    breaks?.();
    const text = `${HOSTILE}\uD83D${'x'.repeat(5000)}`;
    await expect(sender.answerPress('1', { text, alert: true })).resolves.toBeUndefined();
  });
};
