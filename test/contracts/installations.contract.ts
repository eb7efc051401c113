import { describe, expect } from 'vitest';
import { T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const installed = (account: string, sealed: string, at = T0) => ({ channel: 'slack', account, sealed, at });

export const installationsContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('installations', () => {
    law('are found by channel and account, as they were put, in any process', async ({ store, other }) => {
      expect(await store.installations.find('slack', 'T1')).toBeUndefined();
      await store.installations.put(installed('T1', 'sealed'));
      expect(await other.installations.find('slack', 'T1')).toEqual(installed('T1', 'sealed'));
      expect(await other.installations.find('slack', 'T2')).toBeUndefined();
      expect(await other.installations.find('teams', 'T1')).toBeUndefined();
    });

    law(
      'the newest takes the place of the one before, and one that is removed is gone',
      async ({ store, other }) => {
        await store.installations.put(installed('T1', 'old'));
        await other.installations.put(installed('T1', 'new', T0 + 5));
        expect(await store.installations.find('slack', 'T1')).toEqual(installed('T1', 'new', T0 + 5));
        await store.installations.remove('slack', 'T1');
        await store.installations.remove('slack', 'T1');
        expect(await other.installations.find('slack', 'T1')).toBeUndefined();
      },
    );
  });
};
