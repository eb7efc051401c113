import { type Refused, refusedWish } from '../../people/refused.ts';
import type { Once } from '../../ports/commit.ts';
import type { ScheduleChange } from '../../ports/schedules.ts';
import type { Store } from '../../ports/store.ts';
import type { Upkeep } from '../../ports/upkeep.ts';
import { link } from '../../runs/chain.ts';
import type { Draft } from '../../text/grammar/draft.ts';
import { RETRIES } from '../../time/retries.ts';
import { counted } from '../history/count-refusal.ts';
import { type Handled, type Heard, type Rooms, replyTo, type Said, seenBefore } from '../messages/heard.ts';

/** What somebody's wish comes to, judged on the state of this moment. */
export interface Amendment {
  /** The answer to whoever wished; no lines, no answer. */
  readonly said: Said;
  /** The stable code of a no; then nothing is changed. */
  readonly refused?: string;
  readonly records?: readonly { readonly type: string; readonly actor: string; readonly payload: object }[];
  readonly upkeep?: readonly Upkeep[];
  readonly schedules?: readonly ScheduleChange[];
  readonly outbox?: readonly Draft[];
}

/**
 * A no to a wish, as what comes of it: its stable code and one sentence, and nothing changed. `refusal`: where the code does not
 * say that somebody lacks a right, because they must not learn of it.
 */
export const no = (
  refused: string,
  words: string,
  refusal?: Refused,
): Amendment & { readonly refused: string } => ({
  refused,
  said: { lines: [[words]], ...(refusal === undefined ? {} : { refusal }) },
});

/** Conflicts are settled by judging again; more of them than this in a row means that something else is wrong. */
const TRIES_MAX = RETRIES.conflict.triesMax;

/**
 * Changes what belongs to no run: the change and the record of it are one commit, judged again when another record came
 * in between.
 */
export const amend = async (
  store: Pick<Store, 'now' | 'runs'>,
  judge: () => Promise<Amendment>,
  more: { readonly once?: Once; readonly outbox?: (amendment: Amendment) => readonly Draft[] } = {},
): Promise<Amendment | 'seen_before'> => {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    // Before anything is looked at, so that whatever changes meanwhile is noticed.
    const head = await store.runs.head('system');
    const amendment = await judge();
    const at = await store.now();
    const { records = [], schedules = [] } = amendment;
    const noted = more.once === undefined ? [] : (counted(refusalOf(amendment)).upkeep ?? []);
    const upkeep = [...(amendment.upkeep ?? []), ...noted];
    const outbox = [...(amendment.outbox ?? []), ...(more.outbox?.(amendment) ?? [])];
    const owed = records.length + upkeep.length + schedules.length + outbox.length;
    if (more.once === undefined && owed === 0) return amendment;
    const events = link(
      'system',
      head,
      records.map((record) => ({ ...record, at })),
    );
    const [outcome] = await store.runs.commit([
      {
        ...(more.once === undefined ? {} : { once: more.once }),
        ...(events.length === 0 ? {} : { records: { expectedSeq: head.seq, events } }),
        ...(upkeep.length === 0 ? {} : { upkeep }),
        ...(schedules.length === 0 ? {} : { schedules }),
        queue: [],
        outbox,
        at,
      },
    ]);
    if (outcome === 'committed') return amendment;
    if (outcome === 'seen_before') return outcome;
  }
  throw new Error(`an amendment gave up after ${TRIES_MAX} conflicting commits`);
};

const refusalOf = ({ refused, said }: Amendment): Refused | undefined =>
  said.refusal ?? (refused === undefined ? undefined : refusedWish(refused));

/** The same for a wish that came in a conversation: message, change, record and answer are one commit. */
export const amendAndSay = async (
  rooms: Pick<Rooms, 'store'>,
  heard: Pick<Heard, 'inbound' | 'once'>,
  intent: string,
  judge: () => Promise<Amendment>,
): Promise<Handled> => {
  const delivered = heard.once.kind === 'first';
  const answer = ({ said }: Amendment): readonly Draft[] => {
    if (said.lines.length === 0) return [];
    const draft = replyTo(heard.inbound, said);
    return [delivered ? { ...draft, delivered } : draft];
  };
  const done = await amend(rooms.store, judge, { once: heard.once, outbox: answer });
  if (done === 'seen_before') return seenBefore(intent);
  const { refused } = done;
  const refusal = refusalOf(done);
  const refusedAs = {
    ...(refused === undefined ? {} : { refused }),
    ...(refusal === undefined ? {} : { refusal }),
  };
  return { outcome: 'committed', intent, ...refusedAs, dispatched: false, outbound: answer(done) };
};
