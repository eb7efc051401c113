import { describe, expect, test } from 'vitest';
import { diffSpecs } from '../../../src/core/jobs/diff.ts';
import { historyLines } from '../../../src/core/text/cards/job-history.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { backup, jobOf, minutes, withApproval, withSpec } from '../../cast.ts';

describe('two versions of a job', () => {
  test('that say the same differ in nothing', () => expect(diffSpecs(backup.spec, backup.spec)).toEqual([]));

  test('are told apart by path, and a list is one value', () => {
    const after = withApproval(withSpec(backup, { timeoutMs: minutes(5), acts: 'prod' }), {
      quorum: 2,
      approvers: ['ana', 'bob'],
    });
    expect(diffSpecs(backup.spec, after.spec)).toEqual([
      { path: 'acts', after: 'prod' },
      { path: 'approval.approvers', before: ['role:approver'], after: ['ana', 'bob'] },
      { path: 'approval.quorum', before: 1, after: 2 },
      { path: 'timeoutMs', before: minutes(10), after: minutes(5) },
    ]);
    expect(diffSpecs(after.spec, backup.spec)[0]).toEqual({ path: 'acts', before: 'prod' });
  });
});

describe('the history of a job', () => {
  const words = (...versions: Parameters<typeof historyLines>[1]) =>
    plainLines(historyLines('backup', versions));
  const first = jobOf('backup', 1);

  test('of one version is short', () =>
    expect(words(first)).toEqual(['backup has one version; nothing has changed yet.']));

  test('says what each version changed, the newest first, with times as people write them', () =>
    expect(
      words(
        first,
        withSpec({ ...first, version: 2 }, { timeoutMs: minutes(5) }),
        withApproval(withSpec({ ...first, version: 3 }, { timeoutMs: minutes(5) }), {
          remindMs: minutes(10),
        }),
        withApproval(withSpec({ ...first, version: 4 }, { timeoutMs: minutes(5) }), {
          remindMs: minutes(10),
        }),
      ),
    ).toEqual([
      'backup has 4 versions. Runs keep the one that they were asked for with.',
      'v3 → v4: the same, read from elsewhere',
      'v2 → v3',
      '   approval.remind: nothing → 10m',
      'v1 → v2',
      '   timeout: 10m → 5m',
    ]));

  test('is cut where a message would be too long', () => {
    const many = Array.from({ length: 8 }, (_, n) =>
      withSpec({ ...first, version: n + 1 }, { title: `${n}`.repeat(100), priority: n }),
    );
    const lines = words(...many);
    expect(lines.at(-1)).toBe('… and 2 earlier: GET /jobs/backup/versions');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(150);
    const wide = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`p${n}`, { type: 'string', required: false }] as const),
    );
    expect(words(first, withSpec({ ...first, version: 2 }, { params: wide })).at(-1)).toBe('   … and 4 more');
  });
});
