import type {
  ButtonToken,
  Delivery,
  IMessageSender,
  Inbound,
  InboundSink,
} from '../../core/ports/channel.ts';
import type { ChatEntry, LocalChat } from '../../core/ports/local-chat.ts';
import type { Action } from '../../core/text/cards/rich.ts';
import { createDoor } from '../door.ts';
import { meaningOf } from '../terminal/wire.ts';
import { CAPS } from './caps.ts';

/** The one conversation of the page. */
const ADDRESS = 'chat:local';

/** What is further up than this has scrolled away for good; its edits come as new messages. */
const ENTRIES_MAX = 100;

interface Options {
  readonly now: () => number;
  /** Never the same twice, across restarts as well. */
  readonly newId: () => string;
  readonly buttonToken: ButtonToken;
}

export interface ChatChannel {
  readonly sender: IMessageSender;
  readonly chat: LocalChat;
  /** From now on what is said goes in. */
  readonly opens: (sink: InboundSink) => void;
  readonly closes: () => Promise<void>;
}

/**
 * The messenger of somebody who has none yet: a page on their own machine, on which several seats read the same conversation.
 * What is said there is stored before it is handled, and what is answered comes through the outbox, as on any other channel.
 */
export const chatChannel = ({ now, newId, buttonToken }: Options): ChatChannel => {
  const door = createDoor(() => undefined);
  const listeners = new Set<() => void>();
  /** Who pressed what, for the answer that flashes up for them alone. */
  const pressed = new Map<string, string>();
  let entries: readonly ChatEntry[] = [];
  const changed = (next: readonly ChatEntry[]): void => {
    entries = next.slice(-ENTRIES_MAX);
    for (const hear of listeners) hear();
  };
  const hand = async (inbound: Inbound): Promise<void> => {
    const sink = door.sink();
    if (sink === undefined) throw new Error('the chat is closed');
    await sink([inbound]);
  };
  const spokenBy = (seat: string) => {
    const eventKey = newId();
    const from = { identity: `dev:${seat}`, name: seat };
    const place = { channel: 'chat', account: 'local', address: ADDRESS, lane: ADDRESS } as const;
    return { ...place, eventKey, from, chat: 'private' as const, sentAtMs: now() };
  };
  return {
    opens: door.opens,
    closes: door.closes,
    sender: senderOf({ now, newId, entries: () => entries, changed, pressed }),
    chat: {
      entries: () => entries,
      onChange: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      say: async (seat, text) => {
        const spoken = spokenBy(seat);
        changed([...entries, { kind: 'said', id: spoken.eventKey, seat, text, at: now() }]);
        await hand({ ...spoken, kind: 'text', text, addressed: true, messageId: spoken.eventKey });
      },
      press: async (seat, messageId, number) => {
        const action = actionAt(entries, messageId, number);
        if (action === undefined) return 'gone';
        const spoken = spokenBy(seat);
        pressed.set(spoken.eventKey, seat);
        const press = { ...meaningOf(action, buttonToken), pressId: spoken.eventKey };
        await hand({ ...spoken, kind: 'button', press, messageId });
        return 'pressed';
      },
    },
  };
};

const actionAt = (entries: readonly ChatEntry[], messageId: string, number: number): Action | undefined => {
  const found = entries.find(({ id }) => id === messageId);
  return found?.kind === 'told' ? actionsOf(found.content)[number] : undefined;
};

const actionsOf = (content: Delivery['content']): readonly Action[] =>
  content.kind === 'card' ? content.card.actions : content.note.actions;

interface Desk extends Pick<Options, 'now' | 'newId'> {
  readonly entries: () => readonly ChatEntry[];
  readonly changed: (entries: readonly ChatEntry[]) => void;
  readonly pressed: Map<string, string>;
}

const senderOf = ({ now, newId, entries, changed, pressed }: Desk): IMessageSender => ({
  channel: 'chat',
  caps: CAPS,
  deliver: ({ content, edits }) => {
    if (edits === undefined) {
      const id = newId();
      changed([...entries(), { kind: 'told', id, content, at: now(), isEdited: false }]);
      return Promise.resolve({ k: 'sent', messageId: id });
    }
    // After a restart the page is empty, and a card that nobody sees any more comes anew.
    if (!entries().some(({ id }) => id === edits)) return Promise.resolve({ k: 'resend_new' });
    changed(
      entries().map((one) =>
        one.id === edits && one.kind === 'told' ? { ...one, content, isEdited: true } : one,
      ),
    );
    return Promise.resolve({ k: 'sent', messageId: edits });
  },
  answerPress: (pressId, { text }) => {
    const seat = pressed.get(pressId);
    pressed.delete(pressId);
    if (seat !== undefined && text !== '') {
      changed([...entries(), { kind: 'flash', id: newId(), seat, text, at: now() }]);
    }
    return Promise.resolve();
  },
});
