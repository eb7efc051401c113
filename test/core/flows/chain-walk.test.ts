import { describe, expect, test } from 'vitest';
import { chainWalk } from '../../../src/core/flows/history/chain-walk.ts';
import type { ChainRow, SealedHead } from '../../../src/core/ports/history.ts';
import { canonical } from '../../../src/core/runs/canonical.ts';
import { GENESIS, link } from '../../../src/core/runs/chain.ts';
import { fold } from '../../../src/core/runs/evolve.ts';
import type { LiveRun } from '../../../src/core/runs/run.ts';
import { asks, bob, noon, RUN, says, starts, succeeds } from '../../cast.ts';
import { past } from '../../given.ts';

const events = past(asks(), says.yes(bob), starts(), succeeds());
const chain = link(RUN, { seq: 0, hash: GENESIS }, events);
const end = chain.at(-1)?.hash ?? '';
const state = fold(events, RUN) as LiveRun; // it has begun
const row: ChainRow = { chain: RUN, seq: 6, hash: end, sealedSeq: 0, state, suspect: false };

const walked = (
  name: string,
  all: readonly { seq: number; type: string; at: number; actor: string; payload: unknown; hash: string }[],
  last: ChainRow | undefined,
  heads: readonly SealedHead[] = [],
) => {
  const walk = chainWalk(name, heads);
  for (const event of all) walk.take({ ...event, chain: name, payload: canonical(event.payload) });
  return walk.end(last);
};

const head = (seq: number, seal: number, hash = chain[seq - 1]?.hash ?? ''): SealedHead => ({
  chain: RUN,
  seq,
  hash,
  seal,
});

describe('a chain that is walked', () => {
  test('holds when events, seals and row agree', () => {
    expect(walked(RUN, chain, row)).toBeUndefined();
    expect(walked(RUN, chain, { ...row, sealedSeq: 6 }, [head(2, 1), head(6, 4)])).toBeUndefined();
    expect(
      walked('system', [], { chain: 'system', seq: 0, hash: GENESIS, sealedSeq: 0, suspect: false }),
    ).toBeUndefined();
  });

  test('is named with the first thing that is wrong', () => {
    const two = chain.toSpliced(4, 1).toSpliced(2, 1);
    expect(walked(RUN, two, row)).toEqual({ chain: RUN, seq: 3, words: 'event 3 is missing' });
  });

  test.each([
    [
      'an event that the seal names otherwise',
      [head(3, 7, 'x')],
      row,
      { seq: 3, seal: 7, words: 'event 3 is not the one that seal 7 names' },
    ],
    [
      'a sealed event that is not there',
      [head(9, 7)],
      row,
      { seq: 7, seal: 7, words: 'event 7 is missing: seal 7 names event 9' },
    ],
    ['no run', [], undefined, { seq: 6, words: 'it has a history, but the run itself is missing' }],
    ['a row behind its events', [], { ...row, seq: 5 }, { seq: 6, words: 'the head does not name event 6' }],
    ['a row ahead of its events', [], { ...row, seq: 7 }, { seq: 7, words: 'event 7 is missing' }],
    [
      'a row with another head',
      [],
      { ...row, hash: 'x' },
      { seq: 6, words: 'the head does not name event 6' },
    ],
    [
      'a state that nobody can read',
      [],
      { ...row, state: 'unreadable' },
      { seq: 6, words: 'its state cannot be read' },
    ],
    [
      'another state',
      [],
      { ...row, state: { ...state, title: 'x' } },
      { seq: 6, words: 'the state does not follow from the 6 events' },
    ],
    [
      'a row that claims a seal',
      [],
      { ...row, sealedSeq: 6 },
      { seq: 6, words: 'its row says that it is sealed up to event 6; the seals say 0' },
    ],
  ] as const)('tells of %s', (_, heads, last, fault) => {
    expect(walked(RUN, chain, last, heads)).toEqual({ chain: RUN, ...fault });
  });

  test('of which only the seals are left tells so', () => {
    expect(walked(RUN, [], undefined, [head(6, 7)])).toEqual({
      chain: RUN,
      seq: 1,
      seal: 7,
      words: 'all of it is gone, and seal 7 names it',
    });
  });

  test.each([
    ['a word that no event has', { type: 'RunBlessed', at: noon, actor: 'system', payload: {} }],
    ['a denial of nothing', { type: 'RunDenied', at: noon, actor: 'system', payload: null }],
  ])('tells of %s, however well it is chained', (_, event) => {
    const [first] = events;
    const forged = link(RUN, { seq: 0, hash: GENESIS }, [...(first === undefined ? [] : [first]), event]);
    expect(walked(RUN, forged, row)).toEqual({
      chain: RUN,
      seq: 2,
      words: 'event 2 says what no event of a run says',
    });
  });
});
