import type { Beat, IHeartbeats } from '../../core/ports/store.ts';
import type { Heartbeat } from '../../core/runs/heartbeat.ts';
import { given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { insertMany, many, rows, type Steps } from '../steps.ts';

export const heartbeatsOf = (engine: Engine): IHeartbeats => {
  const beatAll = async (beats: readonly Beat[]): Promise<void> => {
    await engine.write(() => many(BEAT, beats.map(rowOf)));
  };
  return {
    beat: (one) => beatAll([one]),
    beatAll,
    leave: (name) =>
      engine.write(function* () {
        yield* rows('delete from queue_heartbeat where name = $1', name);
      }),
    list: () => engine.read(heartbeats),
  };
};

export function* heartbeats(): Steps<readonly Heartbeat[]> {
  const found = yield* rows<Row>(
    'select name, kind, slots, beat_at, every_ms, silent_ms, registered_at, silent_at, place ' +
      'from queue_heartbeat order by kind desc, name',
  );
  return found.map(heartbeatOf);
}

// Whoever is heard again is silent no more, and has been there since it was heard first.
const BEAT = insertMany(
  'queue_heartbeat',
  {
    name: 'text',
    kind: 'text',
    slots: 'bigint',
    beat_at: 'bigint',
    every_ms: 'bigint',
    silent_ms: 'bigint',
    registered_at: 'bigint',
    place: 'text',
  },
  'on conflict (name) do update set kind = excluded.kind, slots = excluded.slots, ' +
    'beat_at = excluded.beat_at, every_ms = excluded.every_ms, silent_ms = excluded.silent_ms, ' +
    'place = excluded.place, silent_at = null',
);

const EVERY_MS = 5000;
const SILENT_MS = 30_000;

const rowOf = ({ name, kind, slots, at, everyMs = EVERY_MS, silentMs = SILENT_MS, place = '' }: Beat) => [
  name,
  kind,
  slots,
  at,
  Math.round(everyMs),
  Math.round(silentMs),
  at,
  place,
];

interface Row {
  readonly name: string;
  readonly kind: Heartbeat['kind'];
  readonly slots: number;
  readonly beat_at: number;
  readonly every_ms: number;
  readonly silent_ms: number;
  readonly registered_at: number;
  readonly silent_at: number | null;
  readonly place: string;
}

const heartbeatOf = (row: Row): Heartbeat => ({
  name: row.name,
  kind: row.kind,
  slots: row.slots,
  beatAt: row.beat_at,
  everyMs: row.every_ms,
  silentMs: row.silent_ms,
  registeredAt: row.registered_at,
  place: row.place,
  ...given('silentAt', row.silent_at),
});
