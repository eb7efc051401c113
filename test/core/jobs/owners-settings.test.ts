import { describe, expect, test } from 'vitest';
import { type ApprovalPolicy, type JobSpec, plainSpec } from '../../../src/core/jobs/job.ts';
import { ownersSettings } from '../../../src/core/jobs/owners-settings.ts';

const plain = plainSpec({ title: 'Deploy', target: { kind: 'demo' } });

const approval = (over: Partial<ApprovalPolicy>): Partial<JobSpec> => ({
  approval: { ...plain.approval, ...over },
});

const GOVERNED: readonly (readonly [string, Partial<JobSpec>])[] = [
  ['approval.approvers', approval({ approvers: ['ana'] })],
  ['approval.needs', approval({ needs: [{ role: 'dba', count: 1 }] })],
  ['approval.policy', approval({ policy: 'never' })],
  ['approval.quorum', approval({ quorum: 2 })],
  ['approval.self', approval({ self: true })],
  ['approval.self', approval({ self: false })],
  ['heavy', { heavy: true }],
  ['requesters', { requesters: ['role:viewer'] }],
  ['window', { window: { days: ['mon'], from: '09:00', to: '17:00', timezone: 'UTC' } }],
];

const FREE: readonly (readonly [string, Partial<JobSpec>])[] = [
  ['the title', { title: 'Ship' }],
  ['the target', { target: { kind: 'http', method: 'GET', url: 'https://example.org', headers: {} } }],
  ['the deadlines', approval({ decideByMs: 60_000, startByMs: 60_000 })],
  ['reminders', approval({ remindMs: 60_000, escalate: { afterMs: 60_000, to: 'role:owner' } })],
  ['the timeout', { timeoutMs: 1000 }],
  ['parameters', { params: { db: { type: 'string', required: true } } }],
];

describe('the settings that only an owner may give', () => {
  test.each(GOVERNED)('%s is one of them, in a new job and in a change either way', (path, over) => {
    const governed = { ...plain, ...over };
    expect(ownersSettings(governed)).toEqual([path]);
    expect(ownersSettings(governed, plain)).toEqual([path]);
    expect(ownersSettings(plain, governed)).toEqual([path]);
  });

  test.each(GOVERNED)('%s may stay as it is', (_path, over) => {
    const governed = { ...plain, ...over };
    expect(ownersSettings({ ...governed, title: 'Ship' }, governed)).toEqual([]);
  });

  test.each(FREE)('%s is everybody’s who writes jobs', (_what, over) => {
    expect(ownersSettings({ ...plain, ...over })).toEqual([]);
    expect(ownersSettings({ ...plain, ...over }, plain)).toEqual([]);
  });

  test('each day and hour of a window is one as well', () => {
    const window = { days: ['mon'], from: '09:00', to: '17:00', timezone: 'UTC' } as const;
    const wider = { ...plain, window: { ...window, from: '00:00' } };
    expect(ownersSettings(wider, { ...plain, window })).toEqual(['window.from']);
  });
});
