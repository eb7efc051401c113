import { expect, test } from 'vitest';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { type ReleaseNews, releaseDraft, releaseLines } from '../../../src/core/text/ops/release-words.ts';

const news: ReleaseNews = {
  at: '2026-11-20T14:00:00.000Z',
  action: 'deploy',
  result: 'healthy',
  to: '1.2.0 (a1b2c3d)',
  from: '1.1.9 (f00ba12)',
  who: 'ana',
  seconds: 12.3,
};

const said = (more: Partial<ReleaseNews>): string =>
  plainLines(releaseLines({ ...news, ...more })).join('\n');

const { from: _, ...first } = news;

test.each<readonly [string, string]>([
  [said({}), 'Release 1.2.0 (a1b2c3d) serves, deployed by ana in 12.3 s, before that 1.1.9 (f00ba12).'],
  [plainLines(releaseLines(first)).join('\n'), 'Release 1.2.0 (a1b2c3d) serves, deployed by ana in 12.3 s.'],
  [
    said({ reason: 'Nothing was tested: the queue is paused by Ana.' }),
    'Release 1.2.0 (a1b2c3d) serves, deployed by ana in 12.3 s, before that 1.1.9 (f00ba12).\n' +
      'Nothing was tested: the queue is paused by Ana.',
  ],
  [
    said({ action: 'rollback' }),
    'Rolled back to 1.2.0 (a1b2c3d) by ana in 12.3 s, before that 1.1.9 (f00ba12).',
  ],
  [
    said({ result: 'returned', reason: 'it ended by itself' }),
    '⚠️ Release 1.2.0 (a1b2c3d) did not serve; 1.1.9 (f00ba12) serves again. Tried by ana, 12.3 s in all.\nit ended by itself',
  ],
  [
    said({ result: 'failed', reason: 'it ended by itself' }),
    '🔴 Release 1.2.0 (a1b2c3d) does not serve, and nothing else does. Tried by ana, 12.3 s in all.\nit ended by itself',
  ],
  [said({ action: 'config', to: '9f31c0' }), 'textops.yaml is back to 9f31c0, put there by ana in 12.3 s.'],
  [
    said({ action: 'config', to: '9f31c0', result: 'returned' }),
    '⚠️ The configuration 9f31c0 was not taken; what was there before is there again. Tried by ana.',
  ],
])('%s', (words, expected) => expect(words).toBe(expected));

test('two changes never have the same message, and one never has two', () => {
  const key = (more: Partial<ReleaseNews>): string => releaseDraft({ ...news, ...more }, 'telegram:-100').key;
  expect(key({})).toBe(key({ seconds: 99 }));
  expect(key({})).not.toBe(key({ at: '2026-11-20T14:00:00.001Z' }));
});
