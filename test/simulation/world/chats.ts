import { callbackData } from '../../../src/bot/telegram/callback-data.ts';
import type {
  ButtonToken,
  Delivered,
  Delivery,
  IMessageSender,
  SenderCaps,
} from '../../../src/core/ports/channel.ts';
import { gone, type Passage } from './passage.ts';
import type { Program, World } from './world.ts';

/** A button as it stands, or once stood, under a message. */
export interface Button {
  readonly address: string;
  readonly messageId: string;
  readonly data: string;
  readonly verb: string;
  readonly runId?: string;
  /** What the button stood for when it was shown. */
  readonly bound?: { readonly epoch: number; readonly digest: string };
}

/** A message that Telegram has taken. */
export interface Message {
  readonly address: string;
  readonly messageId: string;
  readonly key: string;
  readonly runId?: string;
  readonly isCard: boolean;
  edits: number;
}

/** That Telegram took something as a new message. */
export interface Taking {
  readonly key: string;
  readonly address: string;
  readonly program: Program;
  readonly at: number;
  /** Whether the answer came back to whoever sent it. */
  heard: boolean;
}

/** What Telegram has taken and shows: the ledger that everything else is compared with. */
export interface Chats {
  readonly senderFor: (program: Program, passage: Passage, mint: ButtonToken) => IMessageSender;
  readonly messages: readonly Message[];
  /** Every button that was ever shown, oldest first. */
  readonly buttons: readonly Button[];
  /** Every time that Telegram took this as a new message. */
  readonly takings: (key: string, address: string) => readonly Taking[];
  readonly block: (address: string) => void;
  readonly unblock: (address: string) => void;
  readonly isBlocked: (address: string) => boolean;
}

export interface ChatsParts {
  readonly world: World;
  /** Is told of every message that Telegram takes, before anybody else hears of it. */
  readonly onTaken: (delivery: Delivery, kind: 'new' | 'edit', by: Program) => void;
}

const CAPS: SenderCaps = {
  cards: true,
  textMax: 4096,
  pace: {
    perConversation: [5, 3000],
    perGroup: [60, 60_000],
    overall: [25, 1000],
    isGroup: (address) => address.startsWith('telegram:-'),
  },
};

const UNKNOWN = { k: 'retry', ambiguous: true, reason: 'no answer' } as const;

export const newChats = ({ world, onTaken }: ChatsParts): Chats => {
  const messages: Message[] = [];
  const buttons: Button[] = [];
  const takings = new Map<string, Taking[]>();
  const blocked = new Set<string>();
  const dice = world.dice.ports;
  let lastMessage = 500;
  const takingsOf = (key: string, address: string): Taking[] => {
    const name = `${key} ${address}`;
    const found = takings.get(name) ?? [];
    takings.set(name, found);
    return found;
  };
  const shown = ({ address, edits }: Delivery): Message | undefined =>
    edits === undefined
      ? undefined
      : messages.find((one) => one.address === address && one.messageId === edits);
  const take = (delivery: Delivery, mint: ButtonToken, by: Program): string => {
    const { address, key, runId, content } = delivery;
    const known = shown(delivery);
    onTaken(delivery, known === undefined ? 'new' : 'edit', by);
    const messageId = known?.messageId ?? String((lastMessage += 1));
    if (known === undefined) {
      const id = runId === undefined ? {} : { runId };
      messages.push({ address, messageId, key, ...id, isCard: content.kind === 'card', edits: 0 });
    } else known.edits += 1;
    const how = known === undefined ? '' : ' (edit)';
    world.write('telegram', `takes ${key} as ${messageId} in ${address}${how}`);
    buttons.push(...buttonsOf(delivery, messageId, mint));
    return messageId;
  };
  const deliver =
    (program: Program, passage: Passage, mint: ButtonToken): IMessageSender['deliver'] =>
    async (delivery, signal) => {
      const { address, key } = delivery;
      await passage.hop();
      if (passage.dies('crash before call')) return gone();
      if (world.strikes('send hung')) return hangs(signal);
      if (world.strikes('send lost before')) return UNKNOWN;
      const no = refusalOf(world, address, blocked);
      if (no !== undefined) return no;
      if (delivery.edits !== undefined && world.strikes('edit target gone')) return { k: 'resend_new' };
      const taking: Taking = { key, address, program, at: world.time.now(), heard: false };
      const isNew = shown(delivery) === undefined;
      const messageId = take(delivery, mint, program);
      if (isNew) takingsOf(key, address).push(taking);
      if (world.strikes('send lost after')) return UNKNOWN;
      if (passage.dies('crash after call')) return gone();
      await new Promise<void>((resolve) => void world.time.after(dice.between(1, 150), resolve));
      if (signal.aborted) return UNKNOWN;
      taking.heard = true;
      return { k: 'sent', messageId };
    };
  return {
    senderFor: (program, passage, mint) => ({
      channel: 'telegram',
      caps: CAPS,
      deliver: deliver(program, passage, mint),
      answerPress: () => passage.hop(),
    }),
    messages,
    buttons,
    takings: takingsOf,
    block: (address) => void blocked.add(address),
    unblock: (address) => void blocked.delete(address),
    isBlocked: (address) => blocked.has(address),
  };
};

const buttonsOf = ({ address, content }: Delivery, messageId: string, mint: ButtonToken): readonly Button[] =>
  (content.kind === 'card' ? content.card : content.note).actions.flatMap((action) => {
    const data = callbackData(action, mint);
    if (data === undefined) return [];
    const { verb, runId, bound } = action;
    const more = { ...(runId === undefined ? {} : { runId }), ...(bound === undefined ? {} : { bound }) };
    return [{ address, messageId, data, verb, ...more }];
  });

const refusalOf = (world: World, address: string, blocked: ReadonlySet<string>): Delivered | undefined => {
  const to = world.home(address);
  if (to !== address) return { k: 'readdress', to };
  if (blocked.has(address)) return { k: 'dead', suspend: true, reason: '403 the bot was blocked' };
  if (world.strikes('send throttled')) {
    const scope = world.dice.ports.chance(0.1) ? 'all' : 'lane';
    return { k: 'pause', ms: world.dice.ports.between(500, 8000), scope };
  }
  return world.strikes('send refused') ? { k: 'retry', ambiguous: false, reason: '502' } : undefined;
};

/** Until somebody loses patience. Nobody can know whether it was taken; here it was not. */
const hangs = (signal: AbortSignal): Promise<Delivered> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(UNKNOWN);
    signal.addEventListener('abort', () => resolve(UNKNOWN), { once: true });
  });
