import { describe, expect } from 'vitest';
import { T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const opened = (idHash: string, signedInAt = T0) => ({
  idHash,
  identity: 'web:dev:ana',
  signedInAt,
  until: signedInAt + 1000,
});

export const webSessionsContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('sessions of browsers', () => {
    law('are found by the hash of their secret, in any process', async ({ store, other }) => {
      expect(await store.webSessions.find('a')).toBeUndefined();
      await store.webSessions.open(opened('a'));
      expect(await other.webSessions.find('a')).toEqual(opened('a'));
    });

    law('are gone when they are closed, once or twice', async ({ store, other }) => {
      await store.webSessions.open(opened('a'));
      await store.webSessions.open(opened('b'));
      await other.webSessions.close('a');
      await other.webSessions.close('a');
      expect(await store.webSessions.find('a')).toBeUndefined();
      expect(await store.webSessions.find('b')).toEqual(opened('b'));
    });

    law('that are over go when another one is opened', async ({ store }) => {
      await store.webSessions.open(opened('old'));
      await store.webSessions.open(opened('young', T0 + 500));
      await store.webSessions.open(opened('new', T0 + 1000));
      expect(await store.webSessions.find('old')).toBeUndefined();
      expect(await store.webSessions.find('young')).toBeDefined();
    });
  });
};
