import { describe, expect, inject, test } from 'vitest';
import { mutants } from './mutants.ts';
import { tryMutant } from './try-mutant.ts';

// A search that cannot fail proves nothing. `npm run model:mutants` tries all of them.
const planted = [
  'an approved run may start for ever',
  'a yes after the deadline counts',
  'a late yes answers what it cannot have seen',
  'a message that comes twice counts twice',
  'nobody is told that a run expired',
  'the most urgent does not go first',
  'a fence is given out twice',
  'one of the databases tells the history in other words',
];

describe('the search notices that', () => {
  test.each(mutants.filter(({ name }) => planted.includes(name)))(
    '$name',
    { timeout: 120_000 },
    async (mutant) => {
      const { found, words } = await tryMutant(mutant, inject('postgresUrl'));
      expect(words).toMatch(/^(?:kept: |after \d+ histories; )/);
      expect(found).toBe(true);
    },
  );
});
