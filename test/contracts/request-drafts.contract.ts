import { describe, expect } from 'vitest';
import type { RequestDraft } from '../../src/core/ports/request-drafts.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { nothing, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const DAY = 24 * 60 * 60_000;

const asked: RequestDraft = {
  id: 'D8D8D8',
  address: 'telegram:-100',
  personId: 'ana',
  jobKey: 'restart-web',
  jobVersion: 5,
  answers: { note: 'after "deploy" 41 🙂', env: 'staging', hosts: null },
  asking: 'zone',
  messageKeys: ['q1', 'q2'],
  expiresAt: T0 + 1000,
};

const keep = (store: Store, draft: RequestDraft, at = T0) =>
  store.runs.commit([{ ...nothing, upkeep: [{ kind: 'request_draft', draft }], at }]);

const says = async (store: Store, key: string, address: string, messageId: string): Promise<void> => {
  const content = { kind: 'note', note: { lines: [[key]], actions: [] } } as const;
  await store.runs.commit([{ ...nothing, outbox: [{ key, address, priority: 1, content }], at: T0 }]);
  const claim = { owner: 'sender', limit: 10, at: T0, until: T0 + 1000, channels: ['telegram'] };
  const [head] = await store.outbox.claim(claim);
  await store.outbox.settle([{ outboxId: head?.outboxId ?? 0, k: 'sent', messageId }], T0, 'sender');
};

export const requestDraftsContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('requests that somebody is asked about', () => {
    law('are found by their id and by their person, in their conversation', async ({ store, other }) => {
      const read = { ...asked, id: 'E9E9E9', personId: 'bob', read: 'run restart-web' };
      await keep(store, asked);
      await keep(store, read);
      expect(await other.requestDrafts.find(asked.address, asked.id)).toEqual(asked);
      expect(await other.requestDrafts.of(asked.address, 'bob')).toEqual(read);
      expect(await other.requestDrafts.find('telegram:-200', asked.id)).toBeUndefined();
      expect(await other.requestDrafts.of('telegram:-200', 'ana')).toBeUndefined();
      expect(await other.requestDrafts.of(asked.address, 'cho')).toBeUndefined();
    });

    law('keep the order of their answers', async ({ store, other }) => {
      await keep(store, asked);
      const { answers = {} } = (await other.requestDrafts.of(asked.address, 'ana')) ?? {};
      expect(Object.keys(answers)).toEqual(['note', 'env', 'hosts']);
    });

    law('there is one for each person and conversation, the newest', async ({ store, other }) => {
      const elsewhere = { ...asked, id: 'F0F0F0', address: 'telegram:41' };
      await keep(store, { ...asked, read: 'run restart-web' });
      await keep(store, elsewhere);
      const newer: RequestDraft = { ...asked, id: 'G1G1G1', jobKey: 'report', jobVersion: 1, answers: {} };
      await keep(other, newer);
      expect(await store.requestDrafts.find(asked.address, asked.id)).toBeUndefined();
      expect(await store.requestDrafts.of(asked.address, 'ana')).toEqual(newer);
      expect(await store.requestDrafts.of('telegram:41', 'ana')).toEqual(elsewhere);
    });

    law('know their messages by what the provider calls them, in their conversation', async (backend) => {
      const { store, other } = backend;
      await says(store, 'q2', asked.address, '501');
      await says(store, 'another', asked.address, '502');
      await says(store, 'q2', 'telegram:-200', '503');
      const isQuestion = (messageId: string) => other.requestDrafts.isQuestion(asked, messageId);
      expect(await Promise.all(['501', '502', '503'].map(isQuestion))).toEqual([true, false, false]);
      expect(await other.requestDrafts.isQuestion({ ...asked, messageKeys: [] }, '501')).toBe(false);
    });

    law('are swept away a day after they were closed, when another one comes', async ({ store, other }) => {
      const later = { ...asked, id: 'H2H2H2', personId: 'bob', expiresAt: asked.expiresAt + 5 * DAY };
      await keep(store, asked);
      await keep(store, later, asked.expiresAt + DAY);
      expect(await other.requestDrafts.of(asked.address, 'ana')).toEqual(asked);
      await keep(store, later, asked.expiresAt + DAY + 1);
      expect(await other.requestDrafts.of(asked.address, 'ana')).toBeUndefined();
      expect(await other.requestDrafts.of(asked.address, 'bob')).toEqual(later);
    });
  });
};
