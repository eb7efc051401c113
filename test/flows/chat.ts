import { handleMessage } from '../../src/core/flows/messages/handle-message.ts';
import type { Handled, Rooms } from '../../src/core/flows/messages/heard.ts';
import type { ButtonPress, Inbound } from '../../src/core/ports/channel.ts';
import type { Action } from '../../src/core/text/cards/rich.ts';
import { isGroup, type Phone, type Shown } from './phone.ts';
import { identityOn } from './residents.ts';

type Text = Extract<Inbound, { kind: 'text' }>;

/** A button as somebody saw it once; it can be pressed long after. */
export interface Button {
  readonly action: Action;
  readonly messageId: string;
}

/** A conversation, as the people in it see it. */
export interface Chat {
  /** What became of it; undefined when the inbox knew the message already. */
  readonly says: (who: string, text: string, more?: Partial<Text>) => Promise<Handled | undefined>;
  /** Says it, and gives the run that came of it. */
  readonly asks: (who: string, text: string, more?: Partial<Text>) => Promise<string>;
  /** Answers the card of a run. */
  readonly replies: (who: string, runId: string, text: string) => Promise<Handled | undefined>;
  /** Presses the newest button of that label; gives what flashes up. */
  readonly presses: (who: string, button: string | Button, forged?: Partial<ButtonPress>) => Promise<string>;
  readonly button: (label: string) => Promise<Button>;
  /** What rang since the last time somebody listened; edits do not ring. */
  readonly hears: () => Promise<readonly string[]>;
  /** The card of a run as it stands there now. */
  readonly card: (runId: string) => Promise<string>;
  readonly labels: () => Promise<readonly string[]>;
}

interface Around {
  readonly rooms: () => Rooms;
  readonly phones: Phone;
  readonly now: () => number;
  readonly deliver: () => Promise<void>;
}

export const chatIn = (around: Around, address: string): Chat => {
  const { phones, deliver } = around;
  let heard = 0;
  let written = 0;
  const hear = (who: string): Omit<Text, 'kind' | 'text'> => {
    written += 1;
    return { ...spoken(around, address, who), ...named(address, written), addressed: true };
  };
  const says: Chat['says'] = async (who, text, more = {}) => {
    const handled = await arrives(around, { ...hear(who), kind: 'text', text, ...more });
    // A synchronous door has said these in its answer.
    for (const { content, delivered } of handled?.outbound ?? []) {
      if (delivered === true && content.plain !== undefined) phones.answers(address, content.plain);
    }
    return handled;
  };
  const here = async (): Promise<readonly Shown[]> => {
    await deliver();
    return phones.shown().filter((shown) => shown.address === address);
  };
  const cardOf = async (runId: string): Promise<Shown> => {
    const found = (await here()).findLast((shown) => shown.isCard && shown.runId === runId);
    if (found === undefined) throw new Error(`${address} shows no card of ${runId}`);
    return found;
  };
  const button: Chat['button'] = async (label) => {
    for (const { messageId, buttons } of (await here()).toReversed()) {
      const action = buttons.find((one) => one.label === label);
      if (action !== undefined) return { action, messageId };
    }
    throw new Error(`${address} shows no button ${label}`);
  };
  return {
    says,
    asks: async (who, text, more) => {
      const runId = (await says(who, text, more))?.runId;
      if (runId === undefined) throw new Error(`nothing came of "${text}"`);
      return runId;
    },
    replies: async (who, runId, text) => says(who, text, { replyTo: (await cardOf(runId)).messageId }),
    button,
    presses: async (who, wanted, forged = {}) => {
      const { action, messageId } = typeof wanted === 'string' ? await button(wanted) : wanted;
      const press = { ...pressOf(around.rooms(), action), ...forged };
      const { addressed: _, ...base } = hear(who);
      const handled = await arrives(around, { ...base, kind: 'button', press, messageId });
      return handled?.answer?.text ?? '';
    },
    hears: async () => {
      await deliver();
      const rang = phones.rang(address).slice(heard);
      heard += rang.length;
      return rang;
    },
    card: async (runId) => (await cardOf(runId)).text,
    labels: async () => (await here()).flatMap(({ buttons }) => buttons.map(({ label }) => label)),
  };
};

const channelOf = (address: string): string => address.slice(0, address.indexOf(':'));

const named = (address: string, count: number) => ({
  eventKey: `${address} #${count}`,
  messageId: String(1000 + count),
});

const spoken = ({ now }: Around, address: string, who: string) => {
  const channel = channelOf(address);
  return {
    channel,
    account: 'bot',
    address,
    lane: address,
    // The dev door does not know when somebody wrote.
    ...(channel === 'dev' ? {} : { sentAtMs: now() }),
    // A number is who writes from it.
    from: { identity: channel === 'sms' ? address : identityOn(channel, who), name: who },
    chat: isGroup(address) ? 'group' : 'private',
  } as const;
};

/** As the program does it: stored first and marked by its own commit; the dev door does both in one. */
export const arrives = async (
  { rooms, now }: Pick<Around, 'rooms' | 'now'>,
  inbound: Inbound,
): Promise<Handled | undefined> => {
  const { channel, account, eventKey, lane } = inbound;
  const act = handleMessage(rooms());
  if (channel === 'dev') return act(inbound, { kind: 'first', channel, account, eventKey, lane });
  const { inbox } = rooms().store;
  const at = now();
  // Whoever brings it handles it, beside all the others, whose clocks may be a little ahead.
  const hold = { owner: eventKey, until: at + 1000 };
  await inbox.accept([inbound], at, hold);
  const heads = await inbox.claim({ ...hold, busy: [], limit: 100, at });
  const waiting = heads.find((one) => one.inbound.eventKey === eventKey);
  return waiting === undefined ? undefined : act(waiting.inbound, { kind: 'mark', inboxId: waiting.inboxId });
};

export const pressOf = ({ ambient }: Rooms, { verb, runId, bound, argument }: Action): ButtonPress => ({
  verb,
  pressId: 'press',
  ...(runId === undefined ? {} : { runId }),
  ...(argument === undefined ? {} : { argument }),
  ...(runId === undefined || bound === undefined
    ? {}
    : { token: ambient.buttonToken({ verb, runId, ...bound }) }),
});
