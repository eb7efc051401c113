import { describe, expect } from 'vitest';
import { keptOf } from '../../src/core/text/grammar/draft.ts';
import { claimOut, gone, note, send, T0 } from './given.ts';
import type { Administered } from './misfits.contract.ts';
import { lawsOf } from './with-backend.ts';

const SECRET = '7F3K-2QMN-9XV4-C';

const secret = (key: string, over: { delivered?: boolean; address?: string } = {}) => {
  const content = {
    kind: 'note',
    note: { lines: [[{ code: SECRET }]], actions: [] },
    plain: SECRET,
  } as const;
  return { ...note(key, over), content, secret: true } as const;
};

export const secretsContract = (open: () => Promise<Administered>): void => {
  const law = lawsOf(open);
  describe('messages with a one-time code', () => {
    law('are kept without it once they were said, or given up', async ({ store, administer }) => {
      const told = secret('told', { delivered: true });
      const sent = secret('sent');
      const dead = secret('dead', { address: 'dev:b' });
      await store.outbox.suspend('dev:c', 'blocked', T0);
      await store.runs.commit([send(told, sent, dead, secret('unheard', { address: 'dev:c' }))]);
      const text = async () => JSON.stringify(await administer('select * from outbox order by id'));
      expect((await text()).match(new RegExp(SECRET, 'g'))).toHaveLength(4);
      const claimed = await claimOut(store);
      expect(claimed.map(({ draft }) => draft.content)).toEqual([sent.content, dead.content]);
      const heads = new Map(claimed.map((head) => [head.draft.key, head]));
      await store.outbox.settle(
        [
          { outboxId: heads.get('sent')?.outboxId ?? 0, k: 'sent', kept: keptOf(sent) },
          { ...gone(heads.get('dead')), kept: keptOf(dead) },
        ],
        T0,
        'sender',
      );
      expect(await text()).not.toContain(SECRET);
      expect((await text()).match(/There was a one-time code here/g)).toHaveLength(8);
    });
  });
};
