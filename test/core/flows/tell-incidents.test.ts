import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LASTING_MS, type News, newsOf, QUIET_MS } from '../../../src/core/flows/ops/tell-incidents.ts';
import type { Incident } from '../../../src/core/scorecard/readings.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { incidentLines } from '../../../src/core/text/ops/incident-words.ts';
import type { OpsReading } from '../../../src/core/text/ops/ops-figures.ts';
import { problemsOf } from '../../../src/core/text/ops/ops-problems.ts';
import { minutes, noon } from '../../cast.ts';
import { FIXTURES, well } from '../text/ops-fixtures.ts';

const problem = (name: string, raisedAt: number, clearedAt?: number): Incident => ({
  kind: 'problem',
  name,
  raisedAt,
  ...(clearedAt === undefined ? {} : { clearedAt }),
});

const told = (incidents: readonly Incident[], at: number): readonly string[] =>
  newsOf(incidents, at).map(({ turn, incident }) => `${incident.name} ${turn}`);

describe('what is worth a message', () => {
  test('is what has been wrong for a minute, and then that it is over', () => {
    const begun = problem('slow queue', noon);
    expect(told([begun], noon + minutes(1) - 1)).toEqual([]);
    expect(told([begun], noon + minutes(1))).toEqual(['slow queue raised']);
    const over = problem('slow queue', noon, noon + minutes(5));
    expect(told([over], noon + minutes(5))).toEqual(['slow queue cleared']);
  });

  test('is nothing that went by itself within a minute', () => {
    expect(told([problem('no worker', noon, noon + minutes(1) - 1)], noon + minutes(10))).toEqual([]);
  });

  test('is the same trouble once in half an hour, and another one all the same', () => {
    const again = (after: number) => problem('failures', noon + after, noon + after + minutes(2));
    const other = problem('no worker', noon + minutes(3));
    expect(told([again(0), again(minutes(29)), other], noon + minutes(31))).toEqual([
      'failures cleared',
      'no worker raised',
    ]);
    expect(told([again(minutes(30)), again(0)], noon + minutes(32))).toEqual([
      'failures cleared',
      'failures cleared',
    ]);
    expect(told([again(0), problem('failures', noon + minutes(29))], noon + minutes(40))).toEqual([
      'failures cleared',
    ]);
  });

  test('is no end of yesterday, but everything that is still wrong', () => {
    const day = 24 * 60;
    const incidents = [problem('failures', noon, noon + minutes(5)), problem('dead letters', noon)];
    expect(told(incidents, noon + minutes(day))).toEqual(['dead letters raised']);
  });

  test('is no silence, which was told when it was noticed, but that somebody is back', () => {
    expect(told([problem('silence', noon)], noon + minutes(9))).toEqual([]);
    expect(told([problem('silence', noon, noon + minutes(9))], noon + minutes(9))).toEqual([
      'silence cleared',
    ]);
  });

  test('never is a flood: of each trouble two messages in half an hour, whatever it does', () => {
    const name = fc.constantFrom('failures', 'slow queue');
    const turns = fc.array(fc.record({ name, gap: fc.nat(minutes(20)), lasts: fc.nat(minutes(20)) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(turns, (all) => {
        let at = noon;
        const incidents = all.map(({ name: one, gap, lasts }) => {
          const raisedAt = at + gap;
          at = raisedAt + lasts;
          return problem(one, raisedAt, at);
        });
        const news = incidents.flatMap(({ clearedAt = at }) => newsOf(incidents, clearedAt));
        const keys = new Set(
          news.map(({ turn, incident }) => `${turn} ${incident.name} ${incident.raisedAt}`),
        );
        for (const { name: one, raisedAt } of incidents) {
          const near = incidents.filter(
            (other) => other.name === one && Math.abs(other.raisedAt - raisedAt) < QUIET_MS / 2,
          );
          const said = near.filter((other) => keys.has(`cleared ${one} ${other.raisedAt}`));
          expect(said.length).toBeLessThanOrEqual(1);
        }
        const short = [...news].filter(
          ({ incident: { raisedAt, clearedAt = at } }) => clearedAt - raisedAt < LASTING_MS,
        );
        expect(short).toEqual([]);
      }),
    );
  });
});

describe('a message about trouble', () => {
  const words = (
    turn: News['turn'],
    incident: Incident,
    reading: OpsReading = FIXTURES['everything at once'],
  ) => plainLines(incidentLines({ turn, incident }, problemsOf(reading)));

  test('says what /ops says, with what treats it', () => {
    expect(words('raised', problem('slow queue', noon))).toEqual([
      expect.stringMatching(/^⚠️ Queue: oldest ready item waits .* → \/runs queued$/),
    ]);
    expect(words('raised', { kind: 'channel', name: 'telegram', raisedAt: noon })).toEqual([
      expect.stringMatching(/^⚠️ Channel telegram: .* → textops doctor$/),
    ]);
  });

  test('has a line for each of several lost attempts', () => {
    const [one] = FIXTURES['much is wrong'].stale;
    if (one === undefined) throw new Error('nothing is lost');
    const stale = [one, { ...one, runId: '4TQ9ZB' }];
    expect(words('raised', problem('lost attempts', noon), { ...well, stale })).toEqual([
      expect.stringContaining('K7M2QX'),
      expect.stringMatching(/4TQ9ZB .* → \/recover 4TQ9ZB$/),
    ]);
  });

  test('names the trouble where only another process sees what it is', () => {
    expect(words('raised', problem('no worker', noon), well)).toEqual(['⚠️ Trouble: no worker → /ops']);
    expect(words('raised', { kind: 'channel', name: 'slack', raisedAt: noon }, well)).toEqual([
      '⚠️ Trouble: channel slack → /ops',
    ]);
  });

  test('says how long it lasted, when it is over', () => {
    expect(words('cleared', problem('slow queue', noon, noon + minutes(7)))).toEqual([
      '✅ Over after 7m: slow queue',
    ]);
  });
});
