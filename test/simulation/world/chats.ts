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
}

/** That Telegram took something as a new message. */
export interface Taking {
  readonly messageId: string;
  readonly program: Program;
  readonly at: number;
  readonly content: Delivery['content'];
  /** Whether the answer came back to whoever sent it. */
  heard: boolean;
}

/** What Telegram has taken and shows: the ledger that everything else is compared with. */
export interface Chats {
  readonly senderFor: (program: Program, passage: Passage, mint: ButtonToken) => IMessageSender;
  readonly messages: readonly Message[];
  /** Every button that was ever shown, oldest first. */
  readonly buttons: readonly Button[];
  /** One-time codes that somebody was told, oldest first. */
  readonly codes: readonly string[];
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

/** The ledger as it is written. */
interface Ledger extends ChatsParts {
  readonly messages: Message[];
  readonly buttons: Button[];
  readonly codes: string[];
  readonly takings: Map<string, Taking[]>;
  readonly blocked: Set<string>;
  lastMessage: number;
}

export const newChats = (parts: ChatsParts): Chats => {
  const ledger: Ledger = {
    ...parts,
    messages: [],
    buttons: [],
    codes: [],
    takings: new Map(),
    blocked: new Set(),
    lastMessage: 500,
  };
  const { messages, buttons, codes, blocked } = ledger;
  return {
    senderFor: (program, passage, mint) => ({
      channel: 'telegram',
      caps: CAPS,
      deliver: (delivery, signal) => deliver(ledger, { program, passage, mint, delivery, signal }),
      answerPress: () => passage.hop(),
    }),
    messages,
    buttons,
    codes,
    takings: (key, address) => takingsOf(ledger, key, address),
    block: (address) => void blocked.add(address),
    unblock: (address) => void blocked.delete(address),
    isBlocked: (address) => blocked.has(address),
  };
};

/** One message on its way to Telegram. */
interface Sending {
  readonly program: Program;
  readonly passage: Passage;
  readonly mint: ButtonToken;
  readonly delivery: Delivery;
  readonly signal: AbortSignal;
}

const deliver = async (ledger: Ledger, sending: Sending): Promise<Delivered> => {
  const { world } = ledger;
  const { passage, delivery, signal } = sending;
  await passage.hop();
  if (passage.dies('crash before call')) return gone();
  if (world.strikes('send hung')) return hangs(signal);
  if (world.strikes('send lost before')) return UNKNOWN;
  const no = refusalOf(world, delivery.address, ledger.blocked);
  if (no !== undefined) return no;
  if (delivery.edits !== undefined && world.strikes('edit target gone')) return { k: 'resend_new' };
  const taking = take(ledger, sending);
  if (world.strikes('send lost after')) return UNKNOWN;
  if (passage.dies('crash after call')) return gone();
  await new Promise<void>((resolve) => void world.time.after(world.dice.ports.between(1, 150), resolve));
  if (signal.aborted) return UNKNOWN;
  taking.heard = true;
  return { k: 'sent', messageId: taking.messageId };
};

const take = (ledger: Ledger, { delivery, mint, program }: Sending): Taking => {
  const { world, messages, buttons } = ledger;
  const { address, key, runId, content, edits } = delivery;
  const shown = messages.find((one) => one.address === address && one.messageId === edits);
  ledger.onTaken(delivery, shown === undefined ? 'new' : 'edit', program);
  const messageId = shown?.messageId ?? String((ledger.lastMessage += 1));
  const taking: Taking = { messageId, program, at: world.time.now(), content, heard: false };
  if (shown === undefined) {
    const id = runId === undefined ? {} : { runId };
    messages.push({ address, messageId, key, ...id, isCard: content.kind === 'card' });
    takingsOf(ledger, key, address).push(taking);
    ledger.codes.push(...codesIn(content));
  }
  world.write(
    'telegram',
    `takes ${key} as ${messageId} in ${address}${shown === undefined ? '' : ' (edit)'}`,
  );
  buttons.push(...buttonsOf(delivery, messageId, mint));
  return taking;
};

const codesIn = (content: Delivery['content']): readonly string[] =>
  /\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]\b/.exec(content.plain ?? '')?.slice(0, 1) ?? [];

const takingsOf = ({ takings }: Ledger, key: string, address: string): Taking[] => {
  const name = `${key} ${address}`;
  const found = takings.get(name) ?? [];
  takings.set(name, found);
  return found;
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
