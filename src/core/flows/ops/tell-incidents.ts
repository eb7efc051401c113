import type { Incident } from '../../scorecard/readings.ts';
import { plainLines } from '../../text/cards/plain.ts';
import { type Draft, PRIORITY } from '../../text/grammar/draft.ts';
import { incidentLines } from '../../text/ops/incident-words.ts';
import { problemsOf } from '../../text/ops/ops-problems.ts';
import type { Rooms } from '../messages/heard.ts';
import { readOps } from './ops.ts';

/** What passes by itself before is nobody's concern. */
export const LASTING_MS = 60_000;
/** The same trouble is told again only after so long. */
export const QUIET_MS = 30 * 60_000;
/** An end that nobody could tell for so long is no news any more. */
const NEWS_MS = 60 * 60_000;
const LOOK_BACK_MS = 7 * 24 * 60 * 60_000;
const INCIDENTS_MAX = 500;

export interface News {
  readonly turn: 'raised' | 'cleared';
  readonly incident: Incident;
}

/**
 * Tells the chat of those who run the installation what is wrong, in the words of `/ops`, and that it is over. What there is to
 * tell follows from what is stored, and each of it has a key of its own; so any number of processes may look, at any time.
 */
export const tellIncidents = ({ store, house }: Pick<Rooms, 'store' | 'house'>) => {
  let told: ReadonlySet<string> = new Set();
  return async (): Promise<'idle'> => {
    const chat = house.opsChat?.();
    if (chat === undefined) return 'idle';
    const at = await store.now();
    const window = { since: at - LOOK_BACK_MS, until: at + 1 };
    const news = newsOf(await store.scores.incidents(window, INCIDENTS_MAX), at).filter(
      ({ incident }) => incident.kind !== 'channel' || !chat.startsWith(`${incident.name}:`),
    );
    if (news.every((one) => told.has(keyOf(one)))) return 'idle';
    const problems = problemsOf(await readOps({ store, house }));
    const outbox = news.map((one): Draft => {
      const lines = incidentLines(one, problems);
      const content = {
        kind: 'note',
        note: { lines, actions: [] },
        plain: plainLines(lines).join('\n'),
      } as const;
      return { key: keyOf(one), address: chat, priority: PRIORITY.prompt, content };
    });
    await store.runs.commit([{ queue: [], outbox, at }]);
    told = new Set(news.map(keyOf));
    return 'idle';
  };
};

const keyOf = ({ turn, incident: { kind, name, raisedAt } }: News): string =>
  `incident-${turn}:${kind}:${name}:${raisedAt}`;

/** What of these incidents is worth a message at this moment, the oldest first; told or not. */
export const newsOf = (incidents: readonly Incident[], at: number): readonly News[] => {
  const lastTold = new Map<string, number>();
  return incidents
    .toSorted((a, b) => a.raisedAt - b.raisedAt)
    .flatMap((incident): readonly News[] => {
      const { kind, name, raisedAt, clearedAt } = incident;
      const key = `${kind} ${name}`;
      const before = lastTold.get(key);
      const isRepeat = before !== undefined && raisedAt - before < QUIET_MS;
      if (isRepeat || (clearedAt ?? at) - raisedAt < LASTING_MS) return [];
      lastTold.set(key, raisedAt);
      if (clearedAt !== undefined) return at - clearedAt > NEWS_MS ? [] : [{ turn: 'cleared', incident }];
      // Who is silent was named the moment that it was noticed.
      return name === 'silence' ? [] : [{ turn: 'raised', incident }];
    });
};
