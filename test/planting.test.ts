import { describe, expect, test } from 'vitest';
import { misread } from './planting.ts';

const passage = { file: 'src/anything.ts', from: 'if (late)', to: 'if (false)' };

describe('planting a mistake', () => {
  test('changes one passage and leaves the rest as it is', () => {
    expect(misread('before; if (late) return; after', passage)).toBe('before; if (false) return; after');
  });

  test('fails where the passage is gone, or stands twice', () => {
    expect(() => misread('if (early) return;', passage)).toThrow('src/anything.ts has 0 places');
    expect(() => misread('if (late) a(); if (late) b();', passage)).toThrow('has 2 places');
  });
});
