import { setTimeout as sleep } from 'node:timers/promises';
import { readOps } from '../core/flows/ops.ts';
import type { OpsReading } from '../core/text/ops-figures.ts';
import { OPS_LIMITS } from '../core/text/ops-limits.ts';
import { isoOf } from '../core/time/instant.ts';
import { callerOf, may } from './caller.ts';
import { isLocal } from './guard.ts';
import type { Route, WebContext, WebDeps } from './web-deps.ts';

const CHECK_MS = 1000;
const CACHE_MS = 2000;

/** Trouble with the database must not restart a process, so `live` asks for nothing at all. */
export const healthRoutes = (deps: WebDeps): readonly Route[] => {
  const look = cached(() => examine(deps), deps.monotonicMs ?? (() => performance.now()));
  return [
    { method: 'GET', path: '/health/live', access: 'open', handle: (c) => c.json({ status: 'live' }) },
    { method: 'GET', path: '/health/ready', access: 'open', handle: readiness(deps, look) },
    { method: 'GET', path: '/health', access: 'open', handle: health(deps, look) },
  ];
};

type Level = 'ok' | 'degraded' | 'down';

interface Finding {
  /** Another process has the channel, and this one would take over: nothing is wrong with that. */
  readonly status: Level | 'standby';
  readonly [detail: string]: string | number | boolean;
}

interface Look {
  readonly database: Finding;
  readonly queue: Finding;
  readonly workers: Finding;
  readonly scheduler: Finding;
  readonly channels: Readonly<Record<string, Finding>>;
  readonly version: string;
  readonly uptimeS: number;
}

const health = (deps: WebDeps, look: () => Promise<Look>) => async (c: WebContext) => {
  const { database, queue, workers, scheduler, channels, version, uptimeS } = await look();
  const status = verdict(database, queue, [workers, scheduler, ...Object.values(channels)]);
  const code = status === 'down' ? 503 : 200;
  // Names, counts and reasons are for people of the house; a stranger learns whether it works.
  const known = isLocal(c) || may(await callerOf(deps, c), 'figures.read');
  if (!known) return c.json({ status, database: database.status, queue: queue.status }, code);
  const parts = { database, queue, workers, scheduler, ...channels };
  return c.json({ status, ...parts, version, uptime_s: uptimeS }, code);
};

/** Only what nothing works without makes it "down"; anything else that is bad is for people to read. */
const verdict = (database: Finding, queue: Finding, others: readonly Finding[]): Level => {
  if (database.status === 'down' || queue.status === 'down') return 'down';
  const isWell = ({ status }: Finding): boolean => status === 'ok' || status === 'standby';
  return [database, queue, ...others].every(isWell) ? 'ok' : 'degraded';
};

const readiness = (deps: WebDeps, look: () => Promise<Look>) => async (c: WebContext) => {
  if (!deps.ready()) return c.json({ status: 'not_ready', reason: 'starting or stopping' }, 503);
  const { database } = await look();
  if (database.status === 'down') return c.json({ status: 'not_ready', reason: 'database' }, 503);
  return c.json({ status: 'ready' });
};

const examine = async ({ rooms }: WebDeps): Promise<Look> => {
  const startedMs = performance.now();
  const [time, reading] = await Promise.all([
    within(rooms.store.now()).then((checked) => ({ ...checked, tookMs: performance.now() - startedMs })),
    within(readOps(rooms)),
  ]);
  const { house, store } = rooms;
  const database: Finding = time.ok
    ? { status: 'ok', latency_ms: Math.round(time.tookMs), kind: store.kind }
    : { status: 'down', reason: time.reason, kind: store.kind };
  const unread: Finding = { status: 'down', reason: reading.ok ? '' : reading.reason };
  return {
    database,
    queue: reading.ok ? queueOf(reading.value) : unread,
    workers: reading.ok ? workersOf(reading.value) : unread,
    scheduler: reading.ok ? schedulerOf(reading.value) : unread,
    channels: channelsOf(house.channels(), time.ok ? time.value : undefined),
    version: house.version,
    uptimeS: time.ok ? seconds(time.value - house.startedAt) : Math.floor(process.uptime()),
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
  channels: ReturnType<WebDeps['rooms']['house']['channels']>,
  at: number | undefined,
): Readonly<Record<string, Finding>> =>
  Object.fromEntries(
    channels.map(({ channel, state, lastHeardMs, reason }): [string, Finding] => [
      channel,
      {
        status: state,
        ...(reason === undefined ? {} : { reason }),
        ...(lastHeardMs === undefined || at === undefined ? {} : { last_heard_s: seconds(at - lastHeardMs) }),
      },
    ]),
  );

const seconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** A check that hangs is a check that failed. What a driver says may name hosts and users, so only its code is told. */
const within = async <T>(check: Promise<T>): Promise<Checked<T>> => {
  const over = new AbortController();
  const late = sleep(CHECK_MS, 'late' as const, { signal: over.signal, ref: false }).catch(
    () => 'late' as const,
  );
  const asked = check.then(
    (value): Checked<T> => ({ ok: true, value }),
    (error: unknown): Checked<T> => ({ ok: false, reason: codeOf(error) }),
  );
  const first = await Promise.race([asked, late]);
  over.abort();
  return first === 'late' ? { ok: false, reason: `no answer in ${CHECK_MS / 1000} s` } : first;
};

const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[\w]{1,40}$/.test(code) ? code : 'failed';
};

/** Monitors may ask as often as they like; the database is asked every two seconds at most, and by one at a time. */
const cached = <T>(look: () => Promise<T>, clock: () => number): (() => Promise<T>) => {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    const now = clock();
    if (kept === undefined || now >= kept.until) kept = { value: look(), until: now + CACHE_MS };
    return kept.value;
  };
};
