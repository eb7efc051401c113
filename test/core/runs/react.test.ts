import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { react } from '../../../src/core/runs/react.ts';
import {
  ana,
  asks,
  bob,
  fails,
  noon,
  onePm,
  RUN,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
} from '../../cast.ts';
import { past, runAfter } from '../../given.ts';

const telling = { cards: true, deciders: [], gates: [], tail: [], version: 9 };

/** What the last command changes in the queue. */
const queued = (...commands: readonly RunCommand[]) => {
  const before = past(...commands.slice(0, -1)).length;
  return react(runAfter(...commands), past(...commands).slice(before), telling).queue;
};

describe('the queue', () => {
  test('gets an entry with the deciding vote', () =>
    expect(queued(asks(), says.yes(bob))).toEqual([
      {
        op: 'add',
        entry: {
          runId: RUN,
          epoch: 1,
          attempt: 1,
          jobKey: 'backup',
          priority: 0,
          concurrency: Number.MAX_SAFE_INTEGER,
          notBefore: noon,
          fence: 0,
        },
      },
    ]));
  test('gets a retry, not before its time and behind the newest fence', () =>
    expect(queued(asks(report), says.yes(bob), starts(report), fails())).toMatchObject([
      { op: 'add', entry: { attempt: 2, notBefore: noon + 5000, fence: 1 } },
    ]));
  test('gets an entry of a later epoch behind every fence that nobody saw', () =>
    expect(queued(asks(), says.yes(bob), says.cancel(ana), says.recover(ana), says.yes(bob))).toMatchObject([
      { op: 'add', entry: { epoch: 2, attempt: 1, fence: 1_000_000_000 } },
    ]));
  test('lets a lost attempt go before it takes the next one', () =>
    expect(queued(asks(report), says.yes(bob), starts(report), vanishes())).toMatchObject([
      { op: 'remove', runId: RUN },
      { op: 'add', entry: { attempt: 2 } },
    ]));
  test.each<[string, readonly RunCommand[]]>([
    ['a cancel', [asks(), says.yes(bob), says.cancel(ana)]],
    ['the clock', [asks(), says.yes(bob), time(onePm)]],
    ['a void approval', [asks(), says.yes(bob), starts(undefined, { entitled: [] })]],
    ['success', [asks(), says.yes(bob), starts(), succeeds()]],
    ['failure', [asks(), says.yes(bob), starts(), fails()]],
  ])('loses the run by %s', (_what, commands) =>
    expect(queued(...commands)).toEqual([{ op: 'remove', runId: RUN }]),
  );
  test.each<[string, readonly RunCommand[]]>([
    ['a request', [asks()]],
    ['a denial', [asks(), says.no(bob)]],
    ['a start', [asks(), says.yes(bob), starts()]],
  ])('is left alone by %s', (_what, commands) => expect(queued(...commands)).toEqual([]));
});

test('nothing follows from advice', () => {
  const flagged: RunEvent = {
    type: 'RiskFlagged',
    at: noon,
    actor: 'system:advisor',
    payload: { score: '0.9', words: 'stops writes' },
  };
  expect(react(runAfter(asks()), [flagged], telling)).toEqual({ queue: [], outbox: [], upkeep: [] });
});

test('what failed for good is buried, and a recovery digs it up', () => {
  const kept = (...commands: readonly RunCommand[]) => {
    const before = past(...commands.slice(0, -1)).length;
    return react(runAfter(...commands), past(...commands).slice(before), telling).upkeep;
  };
  const failed = [asks(), says.yes(bob), starts(), fails()] as const;
  const error = 'No space left on device';
  expect(kept(...failed)).toEqual([
    { kind: 'bury', runId: RUN, jobKey: 'backup', epoch: 1, attempt: 1, error },
  ]);
  expect(kept(...failed, says.recover(ana))).toEqual([{ kind: 'unbury', runId: RUN, by: 'user:dev:ana' }]);
  expect(kept(asks(report), says.yes(bob), starts(report), fails())).toEqual([]);
});
