import { describe, expect, test } from 'vitest';
import { approvalWarnings } from '../../src/cli/approval-warnings.ts';
import { type ApprovalPolicy, type JobSpec, plainSpec } from '../../src/core/jobs/job.ts';
import type { Person } from '../../src/core/people/person.ts';
import { ana, bob, cho } from '../cast.ts';

const dan = { ...ana, id: 'dan', name: 'Dan', roles: ['dba', 'lead'] };
const fay = { ...ana, id: 'fay', name: 'Fay', roles: ['lead'] };
const ola = { ...ana, id: 'ola', name: 'Ola', roles: ['owner'] };
const pia = { ...ola, id: 'pia', name: 'Pia' };
const ron = { ...ana, id: 'ron', name: 'Ron', roles: ['operator'] };

const plain = plainSpec({ title: '', target: { kind: 'demo' } });

const job = (approval: Partial<ApprovalPolicy>, over: Partial<JobSpec> = {}) => ({
  key: 'deploy',
  spec: { ...plain, ...over, approval: { ...plain.approval, ...approval } },
});

type Job = ReturnType<typeof job>;
type House = Parameters<typeof approvalWarnings>[1];

const production: House = { profile: 'production', apiTokens: [] };
const dev: House = { profile: 'dev', apiTokens: [] };

const warn = (entry: Job, people: readonly Person[], house = production): readonly string[] =>
  approvalWarnings({ jobs: [entry], people }, house);

describe('a job that the people of the file cannot get approved', () => {
  test('is a warning when too few may decide', () => {
    expect(warn(job({}), [ron, bob])).toEqual([]);
    expect(warn(job({ quorum: 2 }), [ana, bob, cho])).toEqual([]);
    expect(warn(job({ approvers: ['role:dba'] }), [ana, bob])).toEqual([
      'job deploy needs 1 approval and the file names nobody who may decide',
    ]);
    expect(warn(job({ quorum: 3 }), [ana, bob])).toEqual([
      'job deploy needs 3 approvals and the file names only 2 people who may decide',
    ]);
  });

  test('is a warning when whoever asks would have to approve as well', () => {
    const said = [
      'job deploy needs 2 approvals and the file names only 1 person who may decide beside whoever asks',
    ];
    expect(warn(job({ quorum: 2 }), [ana, bob])).toEqual(said);
    expect(warn(job({}), [ana])).toEqual([
      'job deploy needs 1 approval and the file names nobody who may decide beside whoever asks',
    ]);
    // Every other one who could ask makes it possible: somebody who does not decide, a clock, a service.
    expect(warn(job({ quorum: 2 }), [ana, bob, ron])).toEqual([]);
    expect(warn(job({ quorum: 2, self: true }), [ana, bob])).toEqual([]);
    expect(warn(job({ quorum: 2 }, { requesters: ['ron', 'bob'] }), [ana, bob])).toEqual(said);
    const hourly = {
      key: 'hourly',
      cron: '0 * * * *',
      timezone: 'UTC',
      chat: 'dev:ops',
      overlap: 'skip' as const,
      params: {},
    };
    const asked = (jobKey: string): readonly string[] =>
      approvalWarnings(
        { jobs: [job({ quorum: 2 })], people: [ana, bob], schedules: [{ ...hourly, jobKey }] },
        production,
      );
    expect(asked('deploy')).toEqual([]);
    expect(asked('other')).toEqual(said);
    const token = (name: string, role: string): House => ({
      ...production,
      apiTokens: [{ name, role, token: 'x' }],
    });
    expect(warn(job({ quorum: 2 }), [ana, bob], token('ci', 'requester'))).toEqual([]);
    expect(warn(job({ quorum: 2 }), [ana, bob], token('ci', 'viewer'))).toEqual(said);
    expect(warn(job({ quorum: 2 }), [ana, bob], token('bob', 'operator'))).toEqual(said);
  });

  test('is a warning when a needed role is missing, each seat taken by another person', () => {
    const dba = job({ needs: [{ role: 'dba', count: 1 }] });
    expect(warn(dba, [ana, bob, ron])).toEqual([
      'job deploy needs 1 approval of role dba and the file names nobody left to give it',
    ]);
    expect(warn(dba, [ron, dan])).toEqual([]);
    const both = { needs: ['dba', 'lead'].map((role) => ({ role, count: 1 })) };
    expect(warn(job(both), [ron, dan, fay])).toEqual([]);
    expect(warn(job(both), [ron, dan])).toEqual([
      'job deploy needs 2 approvals and the file names only 1 person who may decide',
    ]);
    expect(warn(job(both), [ron, dan, bob])).toEqual([
      'job deploy needs 2 approvals of role dba or lead and the file names only 1 person left to give it',
    ]);
    expect(warn(job({ needs: [{ role: 'lead', count: 3 }] }), [ron, dan, fay, bob])).toEqual([
      'job deploy needs 3 approvals of role lead and the file names only 2 people left to give it',
    ]);
  });

  test('is, in dev, only one that whoever writes cannot approve either', () => {
    expect(warn(job({ quorum: 3 }), [], dev)).toEqual([]);
    expect(warn(job({ quorum: 2, self: false }), [], dev)).toEqual([]);
    expect(warn(job({ approvers: ['role:dba'] }), [ana], dev)).toEqual([
      'job deploy needs 1 approval and the file names nobody who may decide',
    ]);
    expect(warn(job({ needs: [{ role: 'dba', count: 1 }] }), [ana], dev)).toEqual([
      'job deploy needs 1 approval of role dba and the file names nobody left to give it',
    ]);
  });
});

test('a job that never asks takes two owners to accept it, outside of dev', () => {
  const never = job({ policy: 'never', approvers: [] });
  expect(warn(never, [ola, pia])).toEqual([]);
  expect(warn(never, [ola, ana])).toEqual([
    'job deploy asks until 2 owners have accepted it and the file names only 1 owner who may accept it',
  ]);
  expect(warn(never, [ana])).toEqual([
    'job deploy asks until 2 owners have accepted it and the file names nobody who may accept it',
  ]);
  expect(warn(never, [], dev)).toEqual([]);
});
