import { render } from '../../src/bot/sms/render.ts';
import type { Delivery, IMessageSender } from '../../src/core/ports/channel.ts';
import { plainLines } from '../../src/core/text/cards/plain.ts';
import type { Action } from '../../src/core/text/cards/rich.ts';

/** A message as it stands in a chat now. */
export interface Shown {
  readonly messageId: string;
  readonly address: string;
  readonly runId?: string;
  readonly text: string;
  readonly buttons: readonly Action[];
  readonly isCard: boolean;
  readonly replyTo?: string;
  readonly file?: { readonly name: string; readonly text: string };
}

export interface Ring {
  readonly address: string;
  readonly text: string;
  readonly runId?: string;
  /** Absent: a synchronous door said it in its answer. */
  readonly kind?: 'card' | 'note';
}

export interface Phone {
  readonly senders: readonly IMessageSender[];
  /** Every message, oldest first, in its newest form. */
  readonly shown: () => readonly Shown[];
  /** What rang, in order: new messages, not edits. */
  readonly rings: () => readonly Ring[];
  readonly rang: (address: string) => readonly string[];
  /** What a synchronous door said in its answer. */
  readonly answers: (address: string, text: string) => void;
}

const CHANNELS = { telegram: true, terminal: true, dev: false, sms: false } as const;

export const hasCards = (address: string): boolean =>
  address.startsWith('telegram:') || address.startsWith('terminal:');

export const hasTexts = (address: string): boolean => address.startsWith('sms:');

export const hasDocuments = (address: string): boolean => address.startsWith('telegram:');

/** Telegram numbers groups below zero. */
export const isGroup = (address: string): boolean => address.includes(':-');

/** Where the world begins: everybody's phone. It takes what the real sending hands it, as a channel would. */
export const phone = (): Phone => {
  const messages = new Map<string, Shown>();
  const rings: Ring[] = [];
  let lastId = 500;
  const take = ({ address, runId, content, edits, replyTo, document }: Delivery, cards: boolean): string => {
    const messageId = edits ?? String((lastId += 1));
    const text = hasTexts(address) ? render(content) : textOf(content, cards);
    messages.set(`${address} ${messageId}`, {
      messageId,
      address,
      text,
      isCard: content.kind === 'card',
      buttons: cards ? (content.kind === 'card' ? content.card : content.note).actions : [],
      ...(runId === undefined ? {} : { runId }),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(document === undefined ? {} : { file: document }),
    });
    const about = runId === undefined ? {} : { runId };
    const silent = content.kind === 'note' && content.note.silent === true;
    if (edits === undefined && !silent) rings.push({ address, text, kind: content.kind, ...about });
    return messageId;
  };
  const senders = Object.entries(CHANNELS).map(
    ([channel, cards]): IMessageSender => ({
      channel,
      caps: { cards, textMax: 4096 },
      deliver: (delivery) => {
        const messageId = take(delivery, cards);
        return Promise.resolve(cards ? { k: 'sent', messageId } : { k: 'sent' });
      },
      answerPress: () => Promise.resolve(),
    }),
  );
  return {
    senders,
    shown: () => [...messages.values()],
    answers: (address, text) => void rings.push({ address, text }),
    rings: () => rings,
    rang: (address) => rings.flatMap((ring) => (ring.address === address ? [ring.text] : [])),
  };
};

/** The words alone; times are in UTC. */
export const textOf = (content: Delivery['content'], cards: boolean): string => {
  if (!cards && content.plain !== undefined) return content.plain;
  if (content.kind === 'card') {
    const { mark, title, runId, badges, lines } = content.card;
    return [[`${mark} ${title}`, runId, ...badges].join(' · '), ...plainLines(lines)].join('\n');
  }
  const { lines, pre = [], after = [] } = content.note;
  return [...plainLines(lines), ...pre, ...plainLines(after)].join('\n');
};
