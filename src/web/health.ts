import { readOps } from '../core/flows/ops/ops.ts';
import type { OpsReading } from '../core/text/ops/ops-figures.ts';
import { OPS_LIMITS } from '../core/text/ops/ops-limits.ts';
import { isoOf } from '../core/time/instant.ts';
import { cached, checked } from '../loops/look.ts';
import { callerOf, may } from './access/caller.ts';
import { isLocal } from './access/guard.ts';
import type { Finding, Level } from './finding.ts';
import { hostOf } from './health-host.ts';
import type { MonitorDeps, Route, WebContext } from './web-deps.ts';

/** Trouble with the database must not restart a process, so `live` asks for nothing at all. */
export const healthRoutes = (deps: MonitorDeps): readonly Route[] => {
  const look = cached(() => examine(deps), deps.monotonicMs ?? (() => performance.now()));
  return [
    { method: 'GET', path: '/health/live', access: 'open', handle: (c) => c.json({ status: 'live' }) },
    { method: 'GET', path: '/health/ready', access: 'open', handle: readiness(deps, look) },
    { method: 'GET', path: '/health', access: 'open', handle: health(deps, look) },
  ];
};

interface Look {
  readonly database: Finding;
  /** False only when the schema was read and is not ours. */
  readonly schemaFits: boolean;
  readonly queue: Finding;
  /** Everything else that may be unwell while the program works. */
  readonly others: Readonly<Record<string, Finding>>;
  readonly about: Readonly<Record<string, string | number>>;
}

const health = (deps: MonitorDeps, look: () => Promise<Look>) => async (c: WebContext) => {
  const { database, queue, others, about } = await look();
  const status = verdict(database, queue, Object.values(others));
  const code = status === 'down' ? 503 : 200;
  // Names, counts and reasons are for people of the house; a stranger learns whether it works.
  const known = isLocal(c) || (await mayRead(deps, c));
  if (!known) return c.json({ status, database: database.status, queue: queue.status }, code);
  return c.json({ status, database, queue, ...others, ...about }, code);
};

/** Who that is may be written where nobody can look just now, and that is what has to be told. */
const mayRead = async (deps: MonitorDeps, c: WebContext): Promise<boolean> => {
  const caller = await checked(callerOf(deps, c));
  return caller.ok && may(caller.value, 'figures.read');
};

/** Only what nothing works without makes it "down"; anything else that is bad is for people to read. */
const verdict = (database: Finding, queue: Finding, others: readonly Finding[]): Level => {
  if (database.status === 'down' || queue.status === 'down') return 'down';
  return [database, queue, ...others].every(isWell) ? 'ok' : 'degraded';
};

const isWell = ({ status }: Finding): boolean => status === 'ok' || status === 'standby';

const readiness = (deps: MonitorDeps, look: () => Promise<Look>) => async (c: WebContext) => {
  if (!deps.ready()) return c.json({ status: 'not_ready', reason: 'starting or stopping' }, 503);
  const { database, schemaFits } = await look();
  if (database.status === 'down') return c.json({ status: 'not_ready', reason: 'database' }, 503);
  if (!schemaFits) return c.json({ status: 'not_ready', reason: 'schema' }, 503);
  return c.json({ status: 'ready' });
};

const examine = async ({ rooms, host }: MonitorDeps): Promise<Look> => {
  const startedMs = performance.now();
  const [time, schema, reading, others] = await Promise.all([
    checked(rooms.store.now()).then((told) => ({ ...told, tookMs: performance.now() - startedMs })),
    checked(rooms.store.schema()),
    checked(readOps(rooms)),
    hostOf(host),
  ]);
  const { house, store } = rooms;
  const database: Finding = time.ok
    ? {
        status: schema.ok ? (schema.value.fits ? 'ok' : 'degraded') : 'down',
        latency_ms: Math.round(time.tookMs),
        kind: store.kind,
        ...(schema.ok ? { schema: schema.value.applied } : { reason: schema.reason }),
        ...(schema.ok && !schema.value.fits ? { reason: 'the schema lacks migrations' } : {}),
      }
    : { status: 'down', reason: time.reason, kind: store.kind };
  const unread: Finding = { status: 'down', reason: reading.ok ? '' : reading.reason };
  return {
    database,
    schemaFits: !schema.ok || schema.value.fits,
    queue: reading.ok ? queueOf(reading.value) : unread,
    others: {
      workers: reading.ok ? workersOf(reading.value) : unread,
      scheduler: reading.ok ? schedulerOf(reading.value) : unread,
      ...channelsOf(house.channels(), time.ok ? time.value : undefined),
      ...others(time.ok ? time.value : undefined),
    },
    about: {
      version: house.version,
      ...(host === undefined ? {} : { commit: host.commit, config_hash: host.configHash() }),
      uptime_s: time.ok ? seconds(time.value - house.startedAt) : Math.floor(process.uptime()),
    },
  };
};

const queueOf = ({ ready, oldestReadyMs = 0, running, stale }: OpsReading): Finding => ({
  status: stale.length > 0 || oldestReadyMs > OPS_LIMITS.oldestReadyMs ? 'degraded' : 'ok',
  ready,
  oldest_s: seconds(oldestReadyMs),
  running,
  stale: stale.length,
});

const workersOf = ({ workers }: OpsReading): Finding => {
  const up = workers.filter((worker) => worker.beatMsAgo <= OPS_LIMITS.workerBeatMs);
  const beats = up.map((worker) => worker.beatMsAgo);
  if (beats.length === 0) return { status: 'down', up: 0 };
  return { status: 'ok', up: up.length, oldest_beat_s: seconds(Math.max(...beats)) };
};

const schedulerOf = ({ schedule: { lateMs, next } = { lateMs: 0 } }: OpsReading): Finding => ({
  status: lateMs > OPS_LIMITS.scheduleLateMs ? 'degraded' : 'ok',
  lag_s: seconds(lateMs),
  ...(next === undefined ? {} : { next: isoOf(next.at) }),
});

const channelsOf = (
  channels: ReturnType<MonitorDeps['rooms']['house']['channels']>,
  at: number | undefined,
): Readonly<Record<string, Finding>> =>
  Object.fromEntries(
    channels.map(({ channel, state, lastHeardMs, reason }): [string, Finding] => [
      channel,
      {
        status: state,
        ...(reason === undefined ? {} : { reason }),
        ...(lastHeardMs === undefined || at === undefined ? {} : { last_heard_s: seconds(at - lastHeardMs) }),
        ...(state === 'ok' || state === 'standby' ? {} : { hint: 'textops doctor looks further' }),
      },
    ]),
  );

const seconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));
