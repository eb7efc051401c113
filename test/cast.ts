import { type JobSpec, type JobVersion, plainSpec } from '../src/core/jobs/job.ts';
import type { Actor, Person } from '../src/core/people/person.ts';
import type { AttemptResult, Gate, RequestCommand, RunCommand } from '../src/core/runs/command.ts';
import { specHash } from '../src/core/runs/digest.ts';
import type { Origin } from '../src/core/runs/run.ts';
import type { Trigger } from '../src/core/schedules/schedule.ts';

// Who, what and when in the tests. Every command has its ordinary form here; a test names only what is special.

export const noon = Date.UTC(2026, 10, 21, 12, 0);
export const onePm = noon + 60 * 60_000;
export const minutes = (count: number): number => count * 60_000;

const person = (id: string, ...roles: readonly string[]): Person => ({
  id,
  name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  roles,
  identities: [`dev:${id}`],
});

export const ana = person('ana', 'operator', 'approver');
export const bob = person('bob', 'approver');
export const cho = person('cho', 'approver');
export const eve = person('eve');

export const by = (who: Person, identity = `dev:${who.id}`): Actor & { kind: 'person' } => ({
  kind: 'person',
  person: who,
  identity,
});
export const nightly: Actor = { kind: 'schedule', key: 'nightly' };
/** What `nightly` says when it is due at this moment. */
export const due = (dueAt = noon, more: Partial<Trigger> = {}): Trigger => ({
  schedule: 'nightly',
  dueAt,
  words: 'every day at 13:00 (Europe/Berlin)',
  timezone: 'Europe/Berlin',
  ...more,
});

export const w1: Actor = { kind: 'worker', id: 'w1' };
export const system: Actor = { kind: 'system', part: 'deadlines' };

export const jobOf = (key: string, version: number, spec: Partial<JobSpec> = {}): JobVersion => ({
  key,
  version,
  source: 'file',
  spec: plainSpec({ title: '', target: { kind: 'command', command: [`./${key}.sh`], env: [] }, ...spec }),
});

const approvalOf = (job: JobVersion, approval: Partial<JobSpec['approval']>): JobVersion => ({
  ...job,
  spec: { ...job.spec, approval: { ...job.spec.approval, ...approval } },
});

export const backup = jobOf('backup', 3, {
  title: 'Back up the main database',
  target: { kind: 'command', command: ['pg-backup', '--db', 'main'], env: [] },
});

export const dbMigrate = approvalOf(
  jobOf('db-migrate', 7, {
    title: 'Change the production schema',
    params: { to: { type: 'string', required: true } },
    heavy: true,
  }),
  { quorum: 2 },
);

/** Light, and safe to start again. */
export const report: JobVersion = jobOf('report', 2, {
  title: 'Weekly usage report',
  effects: 'idempotent',
  retry: { attemptsMax: 3, delayMsMin: 10_000, delayMsMax: 300_000 },
});

export const withApproval = approvalOf;

/** People see first what it would do. */
export const careful: JobVersion = { ...backup, key: 'careful', spec: { ...backup.spec, preview: ['plan'] } };

/** The same, and heavy. */
export const carefulMigrate: JobVersion = {
  ...dbMigrate,
  key: 'careful-migrate',
  spec: { ...dbMigrate.spec, preview: ['plan', '{to}'] },
};

/** Reminds ten minutes before the end, and asks an owner five minutes before. */
export const urgent = approvalOf(backup, {
  remindMs: minutes(10),
  escalate: { afterMs: minutes(25), to: 'role:owner' },
});

export const withSpec = (job: JobVersion, spec: Partial<JobSpec>): JobVersion => ({
  ...job,
  spec: { ...job.spec, ...spec },
});

export const here: Origin = { channel: 'dev', address: 'dev:ops', chat: 'private' };

export const RUN = 'K7M2QX';

export const files = { 'scripts/backup.sh': 'a'.repeat(64) };

export const asks = (job: JobVersion = backup, more: Partial<RequestCommand> = {}): RequestCommand => ({
  type: 'request',
  runId: RUN,
  job,
  params: {},
  defaulted: [],
  by: by(ana),
  origin: here,
  selfApproval: false,
  neverAccepted: true,
  files,
  at: noon,
  ...more,
});

type Command<T extends RunCommand['type']> = Extract<RunCommand, { type: T }>;

export const says = {
  yes: (who: Person, at = noon): Command<'approve'> => ({ type: 'approve', by: by(who), at }),
  no: (who: Person, at = noon, reason?: string): Command<'deny'> => ({
    type: 'deny',
    by: by(who),
    at,
    ...(reason === undefined ? {} : { reason }),
  }),
  resume: (who: Person, more: Partial<Command<'resume'>> = {}): Command<'resume'> => ({
    type: 'resume',
    by: by(who),
    gates: green,
    entitled: ['ana', 'bob', 'cho'],
    at: noon,
    ...more,
  }),
  cancel: (who: Person, at = noon): Command<'cancel'> => ({ type: 'cancel', by: by(who), at }),
  recover: (who: Person, leaseExpired = false, at = noon): Command<'recover'> => ({
    type: 'recover',
    by: by(who),
    leaseExpired,
    at,
  }),
};

export const green: readonly Gate[] = [
  { name: 'freeze', met: true, words: 'freeze off' },
  { name: 'window', met: true, words: 'window open' },
  { name: 'worker', met: true, words: 'worker heavy-1 alive' },
];

export const nudges = (at: number, addresses: readonly string[] = []): RunCommand => ({
  type: 'notify',
  by: system,
  addresses,
  at,
});

export const time = (at: number): RunCommand => ({ type: 'expire', by: system, at });

type Start = Extract<RunCommand, { type: 'start' }>;

export const starts = (job: JobVersion = backup, more: Partial<Start> = {}): RunCommand => ({
  type: 'start',
  by: w1,
  workerId: 'w1',
  epoch: 1,
  attempt: 1,
  fence: 1,
  specHash: specHash(job),
  files,
  entitled: ['ana', 'bob', 'cho'],
  at: noon,
  ...more,
});

/** A dry run as a worker reports it. */
export const previewed = (more: Partial<Extract<RunCommand, { type: 'preview' }>> = {}): RunCommand => ({
  type: 'preview',
  by: w1,
  workerId: 'w1',
  epoch: 1,
  fence: 1,
  seen: { ok: true, summary: 'would change 3 tables', sha256: 'd'.repeat(64) },
  at: noon,
  ...more,
});

const output = { bytes: 12, sha256: 'b'.repeat(64) };

const finish = (result: AttemptResult, fence: number, at: number): RunCommand => ({
  type: 'finish',
  by: w1,
  fence,
  result,
  chance: 0,
  at,
});

export const succeeds = (fence = 1, at = noon, summary = '4.1 GB written'): RunCommand =>
  finish({ ok: true, summary, output }, fence, at);

export const fails = (fence = 1, at = noon, reason = 'exit'): RunCommand =>
  finish({ ok: false, reason, summary: 'No space left on device', exitCode: 28, output }, fence, at);

export const progresses = (fence = 1, at = noon): RunCommand => ({
  type: 'progress',
  by: w1,
  fence,
  percent: 58,
  text: 'table orders 7 of 12',
  at,
});

/** The lease ran out. */
export const vanishes = (fence = 1, at = noon): RunCommand => ({
  type: 'lose',
  by: { kind: 'system', part: 'recovery' },
  fence,
  lastBeat: at - 30_000,
  chance: 0,
  at,
});
