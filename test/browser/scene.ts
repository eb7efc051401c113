import { fail } from 'node:assert/strict';
import { chatChannel } from '../../src/bot/chat/channel.ts';
import { finishAttempt, reportProgress, startAttempt } from '../../src/core/flows/runs/attempt.ts';
import type { JobSpec } from '../../src/core/jobs/job.ts';
import type { Person } from '../../src/core/people/person.ts';
import type { ExecutionOutcome } from '../../src/core/ports/executor.ts';
import type { LocalChat } from '../../src/core/ports/local-chat.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import type { Card } from '../../src/core/text/cards/rich.ts';
import { keptScorecards } from '../../src/web/console/kept-scorecards.ts';
import { startWeb, type WebServer } from '../../src/web/server.ts';
import { cardOn } from '../contracts/score-town.ts';
import { noon, type World, world } from '../web/world.ts';

/** A console in front of the real rules, with people who have asked, decided and waited. */
export interface Scene {
  readonly there: World;
  readonly url: string;
  /** Somebody writes in the conversation of the dev door; the run that it is about. */
  readonly says: (who: string, text: string) => Promise<string>;
  /** A worker takes what waits, and it comes out so; a run that is to go on begins and says how far it is. */
  readonly works: (how: 'succeeds' | 'fails' | 'goes on') => Promise<void>;
  /** The server goes away and comes back at the same address. */
  readonly restart: (meanwhile: () => Promise<unknown>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The messenger of the page, in which somebody has asked and was answered. */
const talk = async (): Promise<LocalChat> => {
  let ids = 0;
  const { chat, sender, opens } = chatChannel({
    now: () => noon,
    newId: () => `m${(ids += 1)}`,
    buttonToken: () => 'A'.repeat(16),
  });
  opens(() => Promise.resolve());
  await chat.say('ana', 'run hello name=<script>alert(6)</script>');
  const card: Card = {
    runId: 'K7M2QX',
    mark: '⏳',
    title: 'Approval needed',
    badges: ['HEAVY'],
    lines: [['hello v1 — Say hello'], ['Will run: ', { code: 'echo <b>' }]],
    actions: [{ verb: 'dt', label: 'Details', runId: 'K7M2QX' }],
  };
  const told = { address: 'chat:local', correlationId: 'K7M2QX', key: 'card' };
  await sender.deliver({ ...told, content: { kind: 'card', card } }, AbortSignal.timeout(1000));
  return chat;
};

export const openScene = async (): Promise<Scene> => {
  const open: { there?: World } = {};
  const there = await world({
    scorecards: keptScorecards({
      make: (window) => cardOn(open.there?.store ?? fail('no world yet'), window),
      now: () => Promise.resolve(open.there?.clock.at ?? noon),
      observe: () => undefined,
      waitMs: 10_000,
    }),
    monotonicMs: () => performance.now(),
    localChat: await talk(),
    log: { newest: () => Promise.resolve(LOG) },
    channels: () => [{ channel: 'telegram', state: 'ok', lastHeardMs: noon }],
  });
  open.there = there;
  let server: WebServer = await startWeb({ app: there.app, host: '127.0.0.1', port: 0 });
  const { url } = server;
  const port = Number(new URL(url).port);
  return {
    there,
    url,
    says: async (from, body) => {
      const { json } = await there.say(body, { from });
      return String(json.runId);
    },
    works: (how) => work(there, how),
    restart: async (meanwhile) => {
      await server.stop();
      await meanwhile();
      server = await startWeb({ app: there.app, host: '127.0.0.1', port });
    },
    stop: async () => {
      await server.stop();
      await there.store.close();
    },
  };
};

const LOG = [
  { at: noon, level: 'info', event: 'process.started', words: 'started' },
  { at: noon, level: 'warn', event: 'outbox.retry', words: 'telegram answered 429, again in 3s' },
  { at: noon, level: 'error', runId: 'K7M2QX', event: 'execution.failed', words: 'run changed (ENOSPC)' },
];

const output = (text: string) => ({ head: text, tail: '', bytes: text.length, sha256: 'e'.repeat(64) });

const OUTCOMES: Readonly<Record<'succeeds' | 'fails', ExecutionOutcome>> = {
  succeeds: {
    kind: 'succeeded',
    summary: '4.1 GB written',
    output: output('connecting to db1\ndumping 12 tables\n4.1 GB written\n'),
  },
  fails: {
    kind: 'failed',
    reason: 'exit',
    summary: 'No space left on device',
    exitCode: 28,
    output: output('connecting to db1\ndumping 12 tables\ndump: No space left on device\n'),
  },
};

const work = async ({ rooms, store }: World, how: 'succeeds' | 'fails' | 'goes on'): Promise<void> => {
  const at = await store.now();
  await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at });
  for (const claimed of await store.queue.claim({ workerId: 'w1', limit: 10, at, leaseMs: 600_000 })) {
    const { runId, epoch, attempt } = claimed.entry;
    const start = await startAttempt(rooms, 'w1')(claimed);
    if (start.kind !== 'start') fail(`${runId} did not start: ${start.why}`);
    const claim = { runId, epoch, attempt, fence: claimed.fence };
    if (how !== 'goes on') await finishAttempt(rooms, 'w1')(claim, OUTCOMES[how]);
    else await reportProgress(rooms, 'w1')(claim, { percent: 58, text: 'table orders, 7 of 12' });
  }
};

export const minutesLater = ({ there }: Scene, count: number): void => {
  there.clock.at += count * 60_000;
};

const enumOf = (...values: readonly string[]): JobSpec['params'][string] => ({
  type: 'string',
  required: true,
  enum: values,
});

const JOBS: Readonly<Record<string, Partial<JobSpec>>> = {
  backup: {
    title: 'Back up the main database',
    target: { kind: 'command', command: ['pg-backup', '--db', '{db}'], env: [] },
    params: { db: { type: 'string', required: false, default: 'main', enum: ['main', 'audit'] } },
  },
  'restart-web': {
    title: 'Rolling restart of the web tier',
    target: { kind: 'command', command: ['restart', '{env}', '{hosts}'], env: [] },
    params: {
      env: enumOf('staging', 'prod'),
      hosts: { type: 'integer', required: false, default: 2, min: 1, max: 8 },
    },
  },
  'db-migrate': {
    title: 'Change the production schema',
    target: { kind: 'command', command: ['migrate', '{to}'], env: [] },
    params: { to: { type: 'string', required: true } },
    heavy: true,
  },
  report: { title: 'Weekly usage report', target: { kind: 'demo' } },
};

const NIGHTLY: ScheduleSpec = {
  key: 'nightly',
  jobKey: 'backup',
  cron: '0 2 * * *',
  timezone: 'Europe/Berlin',
  chat: 'dev:ops',
  params: {},
  overlap: 'skip',
};

const PEOPLE: readonly Person[] = [
  { id: 'dan', name: 'Dan', roles: ['owner'], identities: ['telegram:123456789', 'sms:+491701234567'] },
  { id: 'fay', name: 'Fay', roles: ['operator', 'approver'], identities: ['telegram:223456789'] },
];

/** An ordinary day: runs in every state, two of them waiting for somebody. */
export const furnish = async (scene: Scene): Promise<void> => {
  const { there, says, works } = scene;
  for (const [key, spec] of Object.entries(JOBS)) await there.addJob(key, spec);
  await there.store.catalog.put({
    key: 'backup',
    spec: { ...(await specOf(there, 'backup')), timeoutMs: 1_200_000 },
    mode: 'change',
    by: 'user:dev:ana',
    at: noon,
  });
  const { rooms, store } = there;
  await store.schedules.replaceFileSchedules([NIGHTLY], rooms.ambient.calendar, noon);
  await store.people.replaceFilePeople(PEOPLE, noon);
  await livedDay(scene);
  const day: readonly (readonly [string, 'succeeds' | 'fails'])[] = [
    ['run report', 'succeeds'],
    ['run backup', 'succeeds'],
    ['run backup db=audit', 'fails'],
    ['run restart-web env=staging', 'succeeds'],
  ];
  for (const [line, how] of day) {
    await says('bob', `yes ${await says('ana', line)}`);
    minutesLater(scene, 1);
    await works(how);
    minutesLater(scene, 6);
  }
  await says('bob', `no ${await says('ana', 'run restart-web env=prod')} prod is in a freeze`);
  await says('ana', 'schedule backup "30 5 * * mon" Europe/Berlin');
  await says('ana', 'pause report end of the month');
  await says('bob', `yes ${await says('ana', 'run backup')}`);
  await works('goes on');
  minutesLater(scene, 2);
  await says('ana', 'run restart-web env=prod hosts=4');
  await says('ana', 'run db-migrate to=0042');
  minutesLater(scene, 3);
};

/** The day before, of which the overview shows the hours. */
const livedDay = async (scene: Scene): Promise<void> => {
  const { there, says, works } = scene;
  for (const [hour, count] of [0, 1, 1, 0, 2, 1, 0, 3, 1, 2, 0, 1, 2, 4, 1, 0, 2, 1].entries()) {
    there.clock.at = noon - (20 - hour) * 3_600_000;
    for (let made = 0; made < count; made += 1) {
      const runId = await says('ana', made === 0 ? 'run backup' : 'run report');
      there.clock.at += 20_000 + hour * 1500;
      await says('bob', `yes ${runId}`);
      await works(hour % 7 === 0 ? 'fails' : 'succeeds');
    }
  }
  there.clock.at = noon;
  await delivered(there.store);
};

/** Everything that was said so far has arrived. */
const delivered = async ({ outbox }: Store): Promise<void> => {
  const owner = 'postman';
  for (;;) {
    const claim = { owner, limit: 100, at: noon, until: noon + 1000, channels: ['dev'] };
    const heads = await outbox.claim(claim);
    if (heads.length === 0) return;
    await outbox.settle(
      heads.map(({ outboxId }) => ({ outboxId, k: 'sent' })),
      noon,
      owner,
    );
  }
};

const specOf = async ({ store }: World, key: string): Promise<JobSpec> => {
  const job = await store.catalog.find(key);
  return job?.spec ?? fail(`no job ${key}`);
};
