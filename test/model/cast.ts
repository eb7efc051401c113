import type { JobSpec } from '../../src/core/jobs/job.ts';
import type { Person } from '../../src/core/people/person.ts';
import { jobOf } from '../cast.ts';
import { identityOn, type Listed } from '../flows/residents.ts';
import { type Job, PAUSE, type Roles, WAIT, type World } from './world.ts';

// Who and what the histories are about.

/** Zed is nobody's. */
export const WHO = ['ana', 'bob', 'cho', 'dan', 'eve', 'zed'] as const;

export const residents: Readonly<Record<string, Roles>> = {
  ana: ['operator'],
  bob: ['approver'],
  cho: ['approver', 'dba'],
  dan: ['dba', 'operator'],
  eve: [],
};

/** What somebody may become; undefined: they leave. */
export const ROLES: readonly (Roles | undefined)[] = [
  ['operator'],
  ['approver'],
  ['operator', 'approver'],
  ['dba'],
  ['dba', 'approver'],
  ['owner'],
  ['viewer'],
  [],
  undefined,
];

const job = (key: string, more: Partial<Job> = {}): Job => ({
  key,
  heavy: false,
  idempotent: false,
  attempts: 1,
  never: false,
  quorum: 1,
  needs: [],
  approvers: ['role:approver'],
  requesters: ['role:operator'],
  concurrency: Infinity,
  priority: 0,
  ...more,
});

export const catalog: readonly Job[] = [
  job('light'),
  job('pair', { quorum: 2, priority: 5 }),
  job('mixed', { quorum: 2, needs: [{ role: 'dba', count: 1 }] }),
  job('seats', {
    needs: [
      { role: 'dba', count: 1 },
      { role: 'approver', count: 1 },
    ],
  }),
  job('again', { idempotent: true, attempts: 3 }),
  job('harmless', { idempotent: true, concurrency: 1 }),
  job('heavy', { heavy: true }),
  job('massive', { heavy: true, idempotent: true, attempts: 3, quorum: 2 }),
  job('never', { never: true }),
  job('always', { never: true, idempotent: true, attempts: 2 }),
  job('self', { self: true, requesters: ['role:operator', 'role:approver'] }),
  job('strict', { self: false, approvers: ['role:approver', 'role:operator'] }),
  job('vault', { approvers: ['role:dba'], requesters: ['role:dba'] }),
  job('named', { approvers: ['cho', 'eve'], concurrency: 1 }),
];

export const listed = (jobs: readonly Job[]): readonly Listed[] =>
  jobs.map((one) => ({ key: one.key, spec: jobOf(one.key, 1, specOf(one)).spec }));

const specOf = (one: Job): Partial<JobSpec> => ({
  heavy: one.heavy,
  effects: one.idempotent ? 'idempotent' : 'unknown',
  retry: { attemptsMax: one.attempts, delayMsMin: PAUSE.min, delayMsMax: PAUSE.max },
  requesters: one.requesters,
  priority: one.priority,
  ...(one.concurrency === Infinity ? {} : { concurrency: one.concurrency }),
  approval: {
    policy: one.never ? 'never' : 'required',
    quorum: one.quorum,
    approvers: one.approvers,
    needs: one.needs,
    ...(one.self === undefined ? {} : { self: one.self }),
    decideByMs: WAIT,
    startByMs: WAIT,
  },
});

export const peopleOf = (people: World['people']): readonly Person[] =>
  Object.entries(people).map(([id, roles]) => ({
    id,
    name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
    roles,
    identities: [identityOn('telegram', id), identityOn('dev', id)],
  }));

export const GROUP = 'telegram:-100';
export const DEV = 'dev:ops';

/** Where somebody is alone with the bot. */
export const alone = (who: string): string => identityOn('telegram', who);

/** Fingerprints that a job's files may have. */
export const FILES = ['a', 'b', 'c'] as const;

export const filesOf = (files: string): Readonly<Record<string, string>> => ({ 'job.sh': files.repeat(64) });

export const firstWorld = (dev: boolean, at: number): World => ({
  at,
  dev,
  people: residents,
  jobs: catalog,
  files: FILES[0],
  beatAt: -Infinity,
  runs: [],
  leases: 0,
  met: [],
});
