// oxlint-disable promise/valid-params -- the `then` of the test language is no promise
import { describe, expect, test } from 'vitest';
import { adHocJob } from '../../../src/core/jobs/job.ts';
import { digestOf, specHash } from '../../../src/core/runs/digest.ts';
import {
  ana,
  asks,
  backup,
  bob,
  by,
  dbMigrate,
  due,
  eve,
  files,
  minutes,
  nightly,
  noon,
  report,
  says,
  starts,
  succeeds,
  system,
  w1,
  withApproval,
  withSpec,
} from '../../cast.ts';
import { given, past, runAfter } from '../../given.ts';

const never = withApproval(backup, { policy: 'never' });

describe('asking for a run', () => {
  test('creates it and asks people', () =>
    given()
      .when(asks())
      .then(
        {
          type: 'RunCreated',
          actor: 'user:dev:ana',
          payload: { jobKey: 'backup', jobVersion: 3, params: {}, willRun: 'pg-backup --db main' },
        },
        {
          type: 'ApprovalRequested',
          actor: 'system',
          payload: { Policy: 'DefaultRequireApproval', epoch: 1, quorum: 1, decideBy: noon + minutes(30) },
        },
      ));
  test('needs the right to ask', () => {
    given()
      .when(asks(backup, { by: by(eve) }))
      .thenRefused('may_not_request');
    given()
      .when(asks(withSpec(backup, { requesters: ['eve'] }), { by: by(eve) }))
      .then('RunCreated', 'ApprovalRequested');
  });
  test.each([
    ['a worker', w1],
    ['the system', system],
  ])('%s cannot ask', (_who, actor) =>
    given()
      .when(asks(backup, { by: actor }))
      .thenRefused('only_people_decide'),
  );
  test('an id is used once', () =>
    given(...past(asks()))
      .when(asks())
      .thenRefused('run_exists'));
  test('a schedule asks, and says why', () => {
    const when = given().when(asks(backup, { by: nightly, trigger: due(noon - minutes(1)) }));
    when.then(
      { type: 'RunCreated', actor: 'schedule:nightly' },
      {
        type: 'ScheduleTriggered',
        actor: 'schedule:nightly',
        payload: { schedule: 'nightly', dueAt: noon - minutes(1) },
      },
      'ApprovalRequested',
    );
    when.thenRun({ status: 'AwaitingApproval', requester: { kind: 'schedule', key: 'nightly' } });
  });
  test('a schedule may give people more time, or less', () => {
    const trigger = due();
    given()
      .when(asks(backup, { by: nightly, trigger, decideByMs: minutes(60) }))
      .then('RunCreated', 'ScheduleTriggered', {
        type: 'ApprovalRequested',
        payload: { decideBy: noon + minutes(60) },
      });
    const run = runAfter(asks(backup, { by: nightly, trigger, decideByMs: minutes(60) }));
    expect(run).toMatchObject({ trigger, approval: { decideByMs: minutes(60) } });
    // The definition is still the one that the worker knows, or it would void every approval.
    given(...past(asks(backup, { by: nightly, trigger, decideByMs: minutes(60) }), says.yes(bob)))
      .when(starts())
      .then('ExecutionStarted');
  });
  test('nothing else happens to a run that nobody asked for', () =>
    given().when(says.yes(bob)).thenRefused('unknown_run'));
});

describe('a job that never asks', () => {
  test('runs at once, signed by its policy', () =>
    given()
      .when(asks(never))
      .then('RunCreated', { type: 'RunApproved', actor: 'policy:never' }, 'ExecutionDispatched'));
  test('by its schedule as well', () =>
    given()
      .when(asks(never, { by: nightly, trigger: due() }))
      .then('RunCreated', 'ScheduleTriggered', 'RunApproved', 'ExecutionDispatched'));
  test('asks like any other until its version was accepted', () =>
    given()
      .when(asks(never, { neverAccepted: false }))
      .then('RunCreated', 'ApprovalRequested'));
  test('asks when it is heavy', () =>
    given()
      .when(asks(withSpec(never, { heavy: true })))
      .then('RunCreated', 'ApprovalRequested'));
  test('starts although nobody voted', () =>
    given(...past(asks(never)))
      .when(starts(never, { entitled: [] }))
      .then('ExecutionStarted'));
});

test('a plain light run leaves exactly these events', () => {
  const events = past(asks(), says.yes(bob), starts(), succeeds());
  expect(events.map((event) => event.type)).toEqual([
    'RunCreated',
    'ApprovalRequested',
    'RunApproved',
    'ExecutionDispatched',
    'ExecutionStarted',
    'ExecutionSucceeded',
  ]);
  expect(events.map((event) => event.actor)).toEqual([
    'user:dev:ana',
    'system',
    'user:dev:bob',
    'system',
    'worker:w1',
    'worker:w1',
  ]);
});

describe('what the card says will run', () => {
  const willRun = (job: typeof backup, params = {}) => runAfter(asks(job, { params })).willRun;
  test('a command with its parameters in place, quoted where a space would mislead', () => {
    const command = ['tar', '{name}', '{count}', '{gone}', '', "it's"];
    const job = withSpec(backup, { target: { kind: 'command', command, env: [] } });
    expect(willRun(job, { name: 'two words', count: 2 })).toBe(`tar "two words" 2 {gone} "" "it's"`);
  });
  test('a request by method and address', () => {
    const target = { kind: 'http', method: 'POST', url: 'https://example.org/deploy', headers: {} } as const;
    expect(willRun(withSpec(backup, { target }))).toBe('POST https://example.org/deploy');
  });
  test('nothing for the built-in demo', () => expect(willRun(adHocJob('demo'))).toBe(''));
});

describe('the digest that people approve', () => {
  const run = runAfter(asks());
  const other = (change: Partial<typeof run>, epoch = 1) => digestOf({ ...run, ...change }, epoch);
  test('is that of the run in its first epoch', () => expect(run.digest).toBe(other({})));
  test.each([
    ['the run', other({ runId: 'ABC234' })],
    ['the epoch', other({}, 2)],
    ['the job', other({ jobKey: 'restore' })],
    ['the version', other({ jobVersion: 4 })],
    ['a parameter', other({ params: { db: 'audit' } })],
    ['a file', other({ files: { ...files, 'scripts/backup.sh': 'c'.repeat(64) } })],
    ['the definition', other({ specHash: specHash(report) })],
  ])('changes with %s', (_what, digest) => {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(digest).not.toBe(run.digest);
  });
  test.each([
    ['command', withSpec(backup, { target: { kind: 'command', command: ['true'], env: [] } })],
    ['target', withSpec(backup, { acts: 'prod db1' })],
    ['secret names', withSpec(backup, { secrets: ['DB_PASSWORD'] })],
    ['timeout', withSpec(backup, { timeoutMs: 1 })],
    ['approval policy', withApproval(backup, { quorum: 2 })],
  ])('covers the %s of the definition', (_what, job) => expect(specHash(job)).not.toBe(specHash(backup)));
  test('a definition may hold fractions', () => {
    const half = (ratio: unknown) =>
      withSpec(backup, {
        params: { ratio: { type: 'number', required: true, min: 0.5 } },
        target: {
          kind: 'http',
          method: 'POST',
          url: 'https://example.org',
          headers: {},
          body: { ratio: [ratio as number, null, true] },
        },
      });
    expect(specHash(half(0.5))).not.toBe(specHash(half(0.25)));
    expect(specHash(half(0.5))).not.toBe(specHash(half('0.5')));
  });
});

test('what a request froze is in the run', () =>
  expect(runAfter(asks(dbMigrate, { params: { to: '0042' }, defaulted: ['to'] }))).toMatchObject({
    jobKey: 'db-migrate',
    jobVersion: 7,
    heavy: true,
    params: { to: '0042' },
    defaulted: ['to'],
    requester: { kind: 'person', personId: ana.id, identity: 'dev:ana', name: 'Ana' },
    createdAt: noon,
  }));
