import { describe, expect, test } from 'vitest';
import { activeMs } from '../../../src/core/scorecard/activity.ts';
import { type Scorecard, scorecard } from '../../../src/core/scorecard/card.ts';
import type { ScoreReadings } from '../../../src/core/scorecard/readings.ts';
import { amount, scorecardMarkdown } from '../../../src/core/text/ops/scorecard-words.ts';
import { minutes, noon } from '../../cast.ts';
import { flawless, nothing, run, runs, until } from './readings.ts';

const whyOf = (card: Scorecard, name: string) => card.lines.find((line) => line.name === name)?.why;

describe('the card', () => {
  test('passes when every line does, and only then', () => {
    const card = scorecard(flawless);
    expect(card.reasons).toEqual([]);
    expect(card.verdict).toBe('PASS');
    expect(card.lines.map(({ outcome }) => outcome)).toEqual(card.lines.map(() => 'PASS'));
  });

  test('nothing at all is never a pass', () => {
    const card = scorecard(nothing);
    expect(card.verdict).toBe('NOT ENOUGH DATA');
    expect(card.reasons).toHaveLength(card.lines.length);
    expect(card.reasons).toContain('uptime: NOT ENOUGH DATA: 0 of at least 334 minutes');
  });

  test('one line that fails fails the whole, and says why', () => {
    const card = scorecard({
      ...flawless,
      messages: { accepted: 100, answered: 100, undelivered: 2, cut: true },
    });
    expect(card.verdict).toBe('FAIL');
    expect(card.reasons).toEqual(['command-success: FAIL: only the newest messages were read']);
    expect(scorecard({ ...flawless, up: { first: noon, minutes: 1400 } }).reasons).toEqual([
      'uptime: FAIL: beyond the threshold',
    ]);
  });

  test('says when only a part was read', () => {
    const card = scorecard({ ...flawless, runsCut: true, heavyCut: true });
    expect(whyOf(card, 'traceability')).toBe('only the newest runs were read');
    expect(whyOf(card, 'duplicate-heavy-executions')).toBe('only the newest heavy runs were read');
    expect(whyOf(card, 'operator-active-time')).toBe('only the newest runs were read');
  });

  test('names the first thing that is wrong and counts the others', () => {
    const broken = runs.map((one) => ({ ...one, broken: 'event 3 was changed' }));
    const card = scorecard({ ...flawless, runs: broken });
    expect(card.reasons).toContain('traceability: FAIL: run K7M2QX: event 3 was changed, and 99 more');
    expect(card.reasons).toContain('audit-score: FAIL: chains verify: run K7M2QX: event 3 was changed');
    expect(card.reasons).toContain('human-intervention: FAIL: beyond the threshold');
    const incidents = flawless.incidents.map((one) => ({ ...one, clearedAt: undefined }));
    const open = scorecard({
      ...flawless,
      incidents: incidents.map(({ kind, name, raisedAt }) => ({ kind, name, raisedAt })),
    });
    expect(open.reasons).toEqual(['mean-time-to-recovery: FAIL: failures still lasts, and 2 more']);
  });

  test('an audit fails with a seal that does not hold, a gap, and a refusal that nobody counted', () => {
    const audit = (more: Partial<ScoreReadings>) =>
      scorecard({ ...flawless, ...more }).reasons.filter((reason) => reason.startsWith('audit'));
    expect(audit({ seals: { checked: 0, fault: 'seal 1: its signature does not fit' } })).toEqual([
      'audit-score: FAIL: seals verify: seal 1: its signature does not fit',
    ]);
    expect(audit({ runs: [...runs, { ...run, gap: 'its end is on no record' }] })).toEqual([
      'audit-score: FAIL: every terminal run traceable: run K7M2QX: its end is on no record',
    ]);
    expect(audit({ refusals: { logRecords: 1, logged: { transition_rejected: 1 }, counted: {} } })).toEqual([
      'audit-score: FAIL: every refusal recorded: the log tells of 1 transition_rejected, the database of 0',
    ]);
    expect(audit({ recordsBroken: 'event 7 was changed' })).toEqual([
      'audit-score: FAIL: chains verify: chain system: event 7 was changed',
    ]);
    expect(audit({ seals: { checked: 0 } })).toEqual([
      'audit-score: NOT ENOUGH DATA: 4 of at least 5 questions',
    ]);
  });

  test('a message that was replayed is an intervention, an outage that has just begun is no failure yet', () => {
    const records = Array.from({ length: 16 }, () => ({
      type: 'MessageReplayed',
      at: noon,
      actor: 'user:dev:ana',
    }));
    expect(scorecard({ ...flawless, records }).reasons).toEqual([
      'human-intervention: FAIL: beyond the threshold',
    ]);
    const outage = { kind: 'channel', name: 'telegram', raisedAt: until - minutes(5) } as const;
    const value = (incidents: ScoreReadings['incidents']) =>
      scorecard({ ...flawless, incidents }).lines.find(({ name }) => name === 'poll-recovery')?.value;
    expect(value([outage])).toBe(100);
    expect(value([{ ...outage, raisedAt: until - minutes(11) }])).toBeLessThan(100);
  });

  test('of several drills the worst counts, and one without an end is none', () => {
    const outcomes = ['Succeeded', 'Failed', 'Failed', 'Failed', 'Failed'];
    const drills = [...flawless.evidence.drills, { job: 'report', outcomes }, { job: 'empty', outcomes: [] }];
    expect(scorecard({ ...flawless, evidence: { ...flawless.evidence, drills } }).reasons).toEqual([
      'outcome-consistency: FAIL: the worst is report',
    ]);
  });

  test('a program whose first minute is still to come has no uptime', () =>
    expect(scorecard({ ...flawless, up: { first: until, minutes: 0 } }).reasons).toEqual([
      'uptime: NOT ENOUGH DATA: 0 of at least 334 minutes',
    ]));
});

describe('how long people are busy', () => {
  const act = (who: string, at: number) => ({ who, at: noon + at });

  test('a single act takes half a minute, acts that follow take the time between them', () => {
    expect(activeMs([])).toBe(0);
    expect(activeMs([act('ana', 0)])).toBe(30_000);
    expect(activeMs([act('ana', minutes(5)), act('ana', 0)])).toBe(minutes(5) + 30_000);
  });

  test('a longer pause begins anew, and so does everybody', () => {
    expect(activeMs([act('ana', 0), act('ana', minutes(5) + 1)])).toBe(minutes(1));
    expect(activeMs([act('ana', 0), act('bob', 0)])).toBe(minutes(1));
  });
});

describe('the page', () => {
  test('ends with the verdict and its reasons', () => {
    const page = scorecardMarkdown(scorecard(flawless));
    expect(page).toContain('| Uptime | 100 % | ≥ 99.7 % | 1440 minutes (≥ 334) | PASS |');
    expect(page.endsWith('## Verdict: PASS\n\nEvery line passed.\n')).toBe(true);
    const open = scorecardMarkdown(scorecard({ ...flawless, heavy: [] }));
    expect(open).toContain(
      '| Heavy runs that succeeded | – | ≥ 96 % | 0 heavy runs (≥ 25) | NOT ENOUGH DATA |',
    );
    expect(open).toContain('## Verdict: NOT ENOUGH DATA\n\n- duplicate-heavy-executions: NOT ENOUGH DATA');
  });

  test('a reason cannot become a column or a line', () => {
    const card = scorecard({ ...flawless, seals: { checked: 1, fault: 'a | b\nc' } });
    expect(scorecardMarkdown(card)).toContain('seals verify: a \\| b c');
  });

  test('no number looks better than it is', () => {
    expect(amount(98.999, { is: 'at_least', value: 99, unit: '%' })).toBe('98.99 %');
    expect(amount(89.991, { is: 'below', value: 90, unit: 's' })).toBe('90 s');
    expect(amount(0, { is: 'at_most', value: 0, unit: 'count' })).toBe('0');
  });
});
