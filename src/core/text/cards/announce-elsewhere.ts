import type { RunEvent } from '../../runs/event.ts';
import type { LiveRun } from '../../runs/run.ts';
import { type Draft, PRIORITY } from '../grammar/draft.ts';
import { textNews } from '../sms/text-news.ts';
import type { Reader } from '../sms/text-words.ts';
import type { Card } from './rich.ts';

/** A conversation that was asked beside the run's own. */
export interface Elsewhere {
  readonly address: string;
  readonly cards: boolean;
  /** Whether its cards are written for threads. */
  readonly threads?: boolean;
  /** Present where every message is one short text: who reads it. */
  readonly reader?: Reader;
}

interface AtHome {
  readonly card: Draft | undefined;
  /** The same card as it is written there. */
  readonly styled: (threads: boolean) => Card;
  readonly notes: readonly Draft[];
  /** The question as a message of its own. */
  readonly question: Draft | undefined;
  /** The number of the newest event. */
  readonly version: number;
}

/**
 * What the others hear of the same events: with cards the card, which says it all without ringing; without them the words
 * that the run's own conversation hears. Whoever is asked again, having the card already, is rung by a message.
 */
export const announceElsewhere = (
  run: LiveRun,
  events: readonly RunEvent[],
  { card, styled, notes, question, version }: AtHome,
  elsewhere: readonly Elsewhere[],
): readonly Draft[] => {
  const asked = new Set(
    events.flatMap((event) => {
      if (event.type === 'ApprovalEscalated') return event.payload.addresses;
      return event.type === 'ApprovalRequested' ? (event.payload.addresses ?? []) : [];
    }),
  );
  return elsewhere.flatMap(({ address, cards, reader, threads = false }) => {
    if (reader !== undefined) return textNews(run, events, { address, reader, place: 'asked', version });
    const isAsked = asked.has(address);
    const rung = isAsked && question !== undefined && (run.epoch > 1 || !cards) ? [question] : [];
    const shown = cards
      ? [card === undefined ? undefined : inStyle(card, styled(threads))]
      : isAsked
        ? []
        : [card, ...notes].filter((draft) => draft?.content.plain !== undefined);
    return [...shown, ...rung].flatMap((draft) =>
      draft === undefined ? [] : [moved(draft, address, isAsked ? PRIORITY.prompt : draft.priority)],
    );
  });
};

const inStyle = (draft: Draft, card: Card): Draft =>
  draft.content.kind === 'card' ? { ...draft, content: { ...draft.content, card } } : draft;

/** The message that asked for the run stands in another conversation, so nothing threads under it here. */
const moved = ({ replyTo, ...draft }: Draft, address: string, priority: number): Draft => ({
  ...draft,
  address,
  priority,
  ...(replyTo !== undefined && 'card' in replyTo ? { replyTo } : {}),
});
