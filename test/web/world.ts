import { fail } from 'node:assert/strict';
import { parseJob } from '../../src/config/load-catalog.ts';
import { parseSchedule } from '../../src/config/parse-schedule.ts';
import { handleMessage } from '../../src/core/flows/messages/handle-message.ts';
import type { Rooms } from '../../src/core/flows/messages/heard.ts';
import { directory } from '../../src/core/flows/people/directory.ts';
import { adviceOf } from '../../src/core/flows/runs/advice.ts';
import { finishAttempt, startAttempt } from '../../src/core/flows/runs/attempt.ts';
import { orchestrator } from '../../src/core/flows/runs/orchestrate.ts';
import { type JobSpec, plainSpec } from '../../src/core/jobs/job.ts';
import type { House } from '../../src/core/ports/ambient.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { newRunId } from '../../src/core/runs/run-id.ts';
import { parse } from '../../src/core/text/grammar/parse.ts';
import { openStore } from '../../src/db/open.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { METRICS_TYPE, openMetrics } from '../../src/telemetry/metrics/metrics.ts';
import { webApp } from '../../src/web/app.ts';
import type { WebDeps } from '../../src/web/web-deps.ts';
import { logged } from '../log-lines.ts';

export const noon = Date.UTC(2026, 10, 21, 12, 0);

export const TOKENS = [
  { name: 'boss', role: 'owner', token: 'o'.repeat(32) },
  { name: 'ci', role: 'requester', token: 'r'.repeat(32) },
  { name: 'ana', role: 'operator', token: 'p'.repeat(32) },
  { name: 'screen', role: 'viewer', token: 'v'.repeat(32) },
] as const;

type TokenName = (typeof TOKENS)[number]['name'];

export interface Call {
  readonly method?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: TokenName;
  /** Where the connection comes from; this machine unless said otherwise. */
  readonly peer?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into answers of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

export interface World {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly observed: readonly Observation[];
  /** The instant that the store believes in. */
  readonly clock: { at: number };
  readonly app: ReturnType<typeof webApp>;
  readonly call: (path: string, call?: Call) => Promise<Answer>;
  readonly say: (body: string, more?: Readonly<Record<string, unknown>>) => Promise<Answer>;
  readonly addJob: (key: string, spec?: Partial<JobSpec>) => Promise<unknown>;
  /** Does what a worker does with everything that waits. */
  readonly work: () => Promise<void>;
}

interface Options extends Partial<Omit<WebDeps, 'rooms'>> {
  readonly store?: (store: Store) => Store;
  readonly channels?: House['channels'];
  readonly opsChat?: string;
  readonly log?: House['log'];
}

/** The web in front of the real rules and a real database; only the network is missing. */
export const world = async ({
  store: wrap,
  channels,
  opsChat,
  log,
  ...given
}: Options = {}): Promise<World> => {
  const clock = { at: noon };
  const opened = await openStore({ url: ':memory:', clock: () => clock.at });
  const store = wrap === undefined ? opened : wrap(opened);
  const observed: Observation[] = [];
  const profile = given.profile ?? 'dev';
  const house = {
    console: () => given.publicUrl ?? 'http://127.0.0.1:5048',
    channels: channels ?? (() => []),
    ...(opsChat === undefined ? {} : { opsChat: () => opsChat }),
    ...(log === undefined ? {} : { log }),
  };
  const listeners = new Set<() => void>();
  const metrics = openMetrics();
  const rooms = furnish(
    store,
    profile,
    house,
    logged((each) => {
      observed.push(each);
      metrics.sees(each);
      if (each.kind === 'run_changed') for (const hear of listeners) hear();
    }),
  );
  let keys = 0;
  const app = webApp({
    rooms,
    handle: handleMessage(rooms),
    profile,
    apiTokens: TOKENS,
    readJob: ({ key, ...body }) => {
      const read = parseJob(key, body);
      return read.ok ? { ok: true, key, spec: read.spec } : read;
    },
    readSchedule: ({ key, ...body }) => parseSchedule(key, body),
    newEventKey: () => `event-${(keys += 1)}`,
    ready: () => true,
    onRunChanged: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    metrics: {
      type: METRICS_TYPE,
      read: metrics.reads({
        loads: async () => ({ at: await store.now(), figures: await store.reader.loads(await store.now()) }),
        build: () => ({ version: '1.2.3', commit: 'a1b2c3', configHash: '9f31c0', node: '24.0.0' }),
        channels: house.channels,
        backupAt: () => Promise.resolve(undefined),
      }),
      served: metrics.served,
    },
    ...given,
  });
  const call = callOn(app);
  return {
    store,
    rooms,
    observed,
    clock,
    app,
    call,
    say: (body, more = {}) =>
      call('/dev/inbound', { json: { from: 'ana', conversation: 'ops', body, ...more } }),
    addJob: (key, spec = {}) =>
      store.catalog.put({
        key,
        spec: plainSpec({ title: `The ${key}`, target: { kind: 'demo' }, ...spec }),
        mode: 'create',
        by: 'user:dev:ana',
        at: clock.at,
      }),
    work: () => work(rooms),
  };
};

const furnish = (
  store: Store,
  profile: 'dev' | 'production',
  given: Pick<House, 'channels' | 'opsChat' | 'console'>,
  observe: Rooms['observe'],
): Rooms => {
  const people = directory(store.people, profile);
  const house: House = {
    profile,
    version: '1.2.3',
    cards: () => false,
    gates: () => Promise.resolve([]),
    ...given,
    startedAt: noon - 60_000,
  };
  return {
    store,
    parser: { parse },
    directory: people,
    orchestrator: orchestrator({
      runs: store.runs,
      now: () => store.now(),
      directory: people,
      gates: store.gates,
      freeze: store.freeze,
      reach: store.reach,
      house,
      observe,
    }),
    advice: adviceOf({ advisors: () => ({}), deadline: () => AbortSignal.abort(), observe }),
    ambient: {
      newRunId: () => newRunId(Math.random),
      chance: () => 0.5,
      buttonToken: () => 'A'.repeat(16),
      fingerprint: () => Promise.resolve({}),
      calendar,
    },
    house,
    observe,
  };
};

const callOn =
  (app: ReturnType<typeof webApp>) =>
  async (path: string, { method, json, body, headers = {}, as, peer = '127.0.0.1' }: Call = {}) => {
    const sent = json === undefined ? body : JSON.stringify(json);
    const token = TOKENS.find(({ name }) => name === as)?.token;
    const request = {
      method: method ?? (sent === undefined ? 'GET' : 'POST'),
      ...(sent === undefined ? {} : { body: sent, duplex: 'half' as const }),
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    };
    const response = await app.request(path, request, { incoming: { socket: { remoteAddress: peer } } });
    const text = await response.text();
    const { status, headers: answered } = response;
    const isJson = answered.get('content-type')?.includes('json') === true && text !== '';
    return { status, headers: answered, text, json: isJson ? JSON.parse(text) : undefined };
  };

const work = async (rooms: Rooms): Promise<void> => {
  const at = await rooms.store.now();
  const claims = await rooms.store.queue.claim({ workerId: 'w1', limit: 10, at, leaseMs: 30_000 });
  for (const claimed of claims) {
    const { runId, epoch, attempt } = claimed.entry;
    const start = await startAttempt(rooms, 'w1')(claimed);
    if (start.kind !== 'start') fail(`${runId} did not start: ${start.why}`);
    await finishAttempt(rooms, 'w1')(
      { runId, epoch, attempt, fence: claimed.fence },
      {
        kind: 'succeeded',
        summary: 'done',
        output: { head: 'done\n', tail: '', bytes: 5, sha256: '0'.repeat(64) },
      },
    );
  }
};
