import { expect, test } from 'vitest';
import type { ApprovalPolicy, JobSpec, JobVersion } from '../../../src/core/jobs/job.ts';
import { jobLines } from '../../../src/core/text/cards/job-words.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { backup, minutes, withApproval, withSpec } from '../../cast.ts';

// `job NAME` in plain words: what a policy asks for is one sentence, and every key of it has its words.

const said = (job: JobVersion): readonly string[] => plainLines(jobLines(job));

const line = (name: string, job: JobVersion): string | undefined =>
  said(job).find((one) => one.startsWith(name));

const SELF = 'Whoever asks cannot approve, unless in dev.';
const needs = (...roles: readonly (readonly [string, number])[]) =>
  roles.map(([role, count]) => ({ role, count }));

test.each<[string, Partial<ApprovalPolicy>, string]>([
  ['quorum 1', {}, `needs 1 of role approver, within 30m. ${SELF}`],
  ['quorum 2', { quorum: 2 }, `needs 2 of role approver, within 30m. ${SELF}`],
  [
    'named people',
    { approvers: ['cho', 'role:lead', 'bob'] },
    `needs 1 of cho or role lead or bob, within 30m. ${SELF}`,
  ],
  ['nobody', { approvers: [] }, `needs 1 of nobody, within 30m. ${SELF}`],
  ['no self-approval', { self: false }, 'needs 1 of role approver, within 30m. Whoever asks cannot approve.'],
  ['self-approval', { self: true }, 'needs 1 of role approver, within 30m. Whoever asks may approve too.'],
  [
    'needs only',
    { approvers: [], needs: needs(['dba', 1], ['lead', 2]) },
    `needs 1 with role dba and 2 with role lead, each another person, within 30m. ${SELF}`,
  ],
  [
    'one need, beside people who may only say no',
    { needs: needs(['dba', 1]), approvers: ['role:approver', 'bob', 'role:dba'] },
    `needs 1 with role dba (role approver or bob may say no), within 30m. ${SELF}`,
  ],
  [
    'a need within a quorum',
    { quorum: 3, needs: needs(['dba', 1]) },
    `needs 3 of role approver or role dba, among them 1 with role dba, within 30m. ${SELF}`,
  ],
  [
    'decide-by',
    { decideByMs: minutes(90), self: true },
    'needs 1 of role approver, within 1h 30m. Whoever asks may approve too.',
  ],
  ['never', { policy: 'never' }, 'never, so it runs without a yes; each use is logged as a warning.'],
])('approval: %s', (_, approval, words) =>
  expect(line('Approval: ', withApproval(backup, approval))).toBe(`Approval: ${words}`),
);

test.each<[string, Partial<ApprovalPolicy>, Partial<JobSpec>, string]>([
  ['Meanwhile', { remindMs: minutes(10) }, {}, 'Meanwhile: a reminder 10m before the end.'],
  [
    'Meanwhile',
    { escalate: { afterMs: minutes(20), to: 'role:owner' } },
    {},
    'Meanwhile: the role owner is asked too after 20m.',
  ],
  [
    'Meanwhile',
    { remindMs: minutes(10), escalate: { afterMs: minutes(20), to: 'cho' } },
    {},
    'Meanwhile: a reminder 10m before the end, cho is asked too after 20m.',
  ],
  [
    'Timeout',
    { startByMs: minutes(60) },
    { timeoutMs: minutes(5) },
    'Timeout: 5m an attempt; start within 1h after approval.',
  ],
  [
    'Starts',
    {},
    { window: { days: ['mon', 'fri'], from: '08:00', to: '16:00', timezone: 'Europe/Berlin' } },
    'Starts only within mon, fri 08:00–16:00 Europe/Berlin.',
  ],
  ['Asked', {}, { requesters: ['role:operator', 'cho'] }, 'Asked for by: role operator or cho'],
  ['Asked', {}, { requesters: [] }, 'Asked for by: nobody'],
  ['Preview', {}, { preview: ['plan', '{db}'] }, 'Preview, before anybody can approve: plan {db}'],
  ['Secrets', {}, { secrets: ['DB_PASSWORD'] }, 'Secrets: DB_PASSWORD'],
  ['Retry', {}, {}, 'Retry: one attempt; after a lost attempt a person is asked.'],
  [
    'Retry',
    {},
    { effects: 'idempotent', retry: { attemptsMax: 3, delayMsMin: 10_000, delayMsMax: minutes(5) } },
    'Retry: up to 3 attempts, 10s to 5m apart; a lost attempt is started again.',
  ],
])('%s: what the policy says beside it', (name, approval, spec, words) =>
  expect(line(name, withSpec(withApproval(backup, approval), spec))).toBe(words),
);

test('a heavy job says that somebody starts it', () => {
  const heavy = withSpec(withApproval(backup, { quorum: 2, self: false }), { heavy: true, acts: 'prod db1' });
  expect(said(heavy).slice(0, 5)).toEqual([
    'backup v3 — Back up the main database · HEAVY',
    'runs pg-backup --db main',
    'acts on prod db1',
    'Asked for by: role operator',
    'Approval: needs 2 of role approver, within 30m. Whoever asks cannot approve. Somebody starts it afterwards.',
  ]);
});
