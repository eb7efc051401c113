import { sortSilence } from '../../runs/heartbeat.ts';
import { plainLines } from '../../text/cards/plain.ts';
import { type Draft, PRIORITY } from '../../text/grammar/draft.ts';
import { silentLines } from '../../text/ops/heartbeat-words.ts';
import type { Rooms } from '../messages/heard.ts';
import { amend } from '../runs/amend.ts';

/** How often silence is looked for. */
export const SILENCE_LOOK_MS = 5000;

/**
 * Tells once that a worker or a loop has fallen silent: in the history of the installation, and in the chat of those who run
 * it. Any number of processes may look; the record decides which of them told it.
 */
export const watchSilence = (rooms: Pick<Rooms, 'store' | 'house'>) => {
  const { store, house } = rooms;
  let lookedAt = -Infinity;
  return async (): Promise<'busy' | 'idle'> => {
    const at = await store.now();
    // Whoever was away itself cannot judge: after an outage of the database nobody has been heard.
    const wasAway = at - lookedAt > AWAY_MS;
    lookedAt = at;
    if (wasAway) return 'idle';
    const { tell, forget } = sortSilence(await store.heartbeats.list(), at);
    if (tell.length + forget.length > 0) await amend(store, () => report(rooms, house.opsChat?.()));
    return 'idle';
  };
};

const AWAY_MS = 4 * SILENCE_LOOK_MS;

const report = async ({ store }: Pick<Rooms, 'store'>, chat: string | undefined) => {
  const at = await store.now();
  const { tell, forget } = sortSilence(await store.heartbeats.list(), at);
  const names = tell.map(({ name }) => name);
  const lines = silentLines(tell, at);
  const [first] = tell;
  const note: readonly Draft[] =
    first === undefined || chat === undefined
      ? []
      : [
          {
            key: `queue-worker-silent:${first.name}:${first.beatAt}`,
            address: chat,
            priority: PRIORITY.prompt,
            content: { kind: 'note', note: { lines, actions: [] }, plain: plainLines(lines).join('\n') },
          },
        ];
  return {
    said: { lines },
    records: tell.map(({ name, kind, beatAt }) => ({
      type: 'queue_worker_silent',
      actor: 'system:heartbeats',
      payload: { name, kind, lastBeat: beatAt, silentMs: at - beatAt },
    })),
    upkeep: [
      ...(names.length === 0 ? [] : [{ kind: 'silent', names } as const]),
      ...(forget.length === 0 ? [] : [{ kind: 'forget', names: forget.map(({ name }) => name) } as const]),
    ],
    outbox: note,
  };
};
