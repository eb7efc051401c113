import { type ApprovalPolicy, type JobSpec, plainSpec } from '../../../src/core/jobs/job.ts';
import type { ScheduleSpec } from '../../../src/core/schedules/schedule.ts';
import { GROUP } from './residents.ts';

// What can be asked for in a simulated town: every kind of job that the rules tell apart.

export interface Listed {
  readonly key: string;
  readonly spec: JobSpec;
}

const job = (key: string, more: Partial<JobSpec>, approval: Partial<ApprovalPolicy> = {}): Listed => {
  const spec = plainSpec({
    title: `The ${key} of the town`,
    target: { kind: 'command', command: [`./${key}.sh`, '{to}'], env: [] },
    params: { to: { type: 'string', required: false, default: 'main', maxLength: 20 } },
    timeoutMs: 40_000,
    ...more,
  });
  return {
    key,
    spec: { ...spec, approval: { ...spec.approval, decideByMs: 25_000, startByMs: 15_000, ...approval } },
  };
};

const retry = { attemptsMax: 3, delayMsMin: 1000, delayMsMax: 8000 };

/** Every world begins a little before noon. */
const UNTIL_NOON = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from: '11:00',
  to: '12:00',
  timezone: 'UTC',
} as const;

export const CATALOG: readonly Listed[] = [
  job('backup', {}),
  job('report', { effects: 'idempotent', retry, target: { kind: 'demo' } }),
  job(
    'ping',
    { effects: 'idempotent', retry: { ...retry, attemptsMax: 2 }, priority: 5 },
    { decideByMs: 10_000 },
  ),
  job('migrate', { heavy: true }, { quorum: 2 }),
  job('rebuild', { heavy: true, effects: 'idempotent', retry, window: UNTIL_NOON }, { startByMs: 8000 }),
  job('rotate', {}, { quorum: 2, needs: [{ role: 'dba', count: 1 }] }),
  job('sweep', { concurrency: 1 }, { policy: 'never' }),
  job('lock', { concurrency: 1, priority: -1 }, { self: true }),
  job(
    'scrape',
    { target: { kind: 'http', method: 'GET', url: 'https://town.example/', headers: {} } },
    { self: true },
  ),
  job('plan', { preview: ['./plan.sh', '--dry-run'] }),
  job('reshape', { heavy: true, preview: ['./reshape.sh', '--dry-run'] }),
  job('purge', { heavy: true }, { policy: 'never' }),
];

/** The files behind the commands, by their hash; somebody may swap one at any moment. */
export const filesOf = (key: string, edition: number): Readonly<Record<string, string>> => ({
  [`${key}.sh`]: edition.toString(16).padStart(64, 'e'),
});

/** How often every schedule comes round. */
export const EVERY_MS = 30_000;

const schedule = (key: string, jobKey: string, overlap: ScheduleSpec['overlap']): ScheduleSpec => ({
  key,
  jobKey,
  cron: '*/30 * * * * *',
  timezone: 'Europe/Berlin',
  chat: GROUP,
  params: {},
  overlap,
  decideByMs: 12_000,
});

/** What the clock asks for: one schedule of each way to meet a run that has not ended. */
export const TIMETABLE: readonly ScheduleSpec[] = [
  schedule('often', 'ping', 'skip'),
  schedule('in-turn', 'report', 'queue'),
  schedule('always', 'sweep', 'allow'),
];
