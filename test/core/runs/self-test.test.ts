// oxlint-disable promise/valid-params -- the `then` of the test language is no promise
import { describe, expect, test } from 'vitest';
import { isOwnName, isSelfTest, SELF_TEST, uncatalogued } from '../../../src/core/jobs/self-test.ts';
import type { Actor } from '../../../src/core/people/person.ts';
import { specHash } from '../../../src/core/runs/digest.ts';
import {
  ana,
  asks,
  backup,
  by,
  minutes,
  nightly,
  noon,
  says,
  starts,
  succeeds,
  system,
  time,
  w1,
} from '../../cast.ts';
import { given, past } from '../../given.ts';

const self: Actor = { kind: 'system', part: 'selftest' };
const test1 = asks(SELF_TEST, { by: self, files: {} });
const begins = starts(SELF_TEST, { specHash: specHash(SELF_TEST), files: {}, entitled: [] });

describe('the self-test', () => {
  test('is asked for by the program and starts by a policy of its own, which is on record', () =>
    given()
      .when(test1)
      .then(
        {
          type: 'RunCreated',
          actor: 'system:selftest',
          payload: { jobKey: 'textops.selftest', jobVersion: 0 },
        },
        { type: 'RunApproved', actor: 'policy:selftest', payload: { startBy: noon + minutes(2) } },
        'ExecutionDispatched',
      ));

  test.each<readonly [string, Actor]>([
    ['a person', by(ana)],
    ['a schedule', nightly],
    ['a worker', w1],
  ])('%s cannot ask for it', (_who, actor) =>
    given()
      .when(asks(SELF_TEST, { by: actor }))
      .thenRefused('only_people_decide'),
  );

  test('is all that the program may ask for', () => {
    given()
      .when(asks(backup, { by: self }))
      .thenRefused('only_people_decide');
    // The name alone is no leave: a version of a catalog could run anything.
    given()
      .when(asks({ ...backup, key: SELF_TEST.key }, { by: self }))
      .thenRefused('only_people_decide');
    given()
      .when(asks({ ...SELF_TEST, key: 'textops.other' }, { by: system }))
      .thenRefused('only_people_decide');
  });

  test('goes through the same states as a run of anybody', () =>
    given(...past(test1, begins))
      .when(succeeds())
      .then('ExecutionSucceeded'));

  test('is decided, stopped and revived by nobody', () => {
    given(...past(test1))
      .when(says.cancel(ana))
      .thenRefused('may_not_steer');
    given(...past(test1))
      .when(says.yes(ana))
      .thenRefused('may_not_decide');
    given(...past(test1, time(noon + minutes(3))))
      .when(says.recover(ana))
      .thenRefused('may_not_steer');
  });

  test('that no worker takes ends by itself', () =>
    given(...past(test1))
      .when(time(noon + minutes(2) + 1))
      .then({ type: 'ApprovalTimedOut', payload: { clock: 'start-by' } }));

  test('has a name that no other job can have', () => {
    expect([isOwnName(SELF_TEST.key), isOwnName('textops'), isOwnName('my.textops.job')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([isSelfTest(SELF_TEST), isSelfTest({ ...SELF_TEST, version: 1 })]).toEqual([true, false]);
    expect([uncatalogued(SELF_TEST.key), uncatalogued('demo').source]).toEqual([SELF_TEST, 'adhoc']);
  });
});
