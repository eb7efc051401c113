import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atMost } from '../../../src/core/text/at-most.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';

test('nothing is left out where there is room, and never without a count', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.integer({ min: 1, max: 20 }), (count, max) => {
      const lines = Array.from({ length: count }, (_, n) => `line ${n}`);
      const shown = plainLines(
        atMost(
          lines.map((line) => [line]),
          max,
          'textops ops',
        ),
      );
      const left = count - max + 1;
      const cut = [...lines.slice(0, max - 1), `… and ${left} more → textops ops`];
      expect(shown).toEqual(count <= max ? lines : cut);
    }),
  );
});
