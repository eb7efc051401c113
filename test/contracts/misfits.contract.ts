import { describe, expect } from 'vitest';
import { act, approve, type Backend, cancel, request, T0 } from './given.ts';
import { lawsOf } from './with-backend.ts';

/** A store whose administrator can get past the program. */
export interface Administered extends Backend {
  readonly administer: (statement: string) => Promise<unknown>;
}

export const misfitsContract = (open: () => Promise<Administered>): void => {
  const law = lawsOf(open);
  describe('rows that were changed behind the program', () => {
    law('every column that something goes by is compared', async ({ store, administer }) => {
      await act(store, 'A', request('A'));
      await act(store, 'B', request('B'));
      await act(store, 'B', cancel());
      expect(await store.runs.misfits(['A', 'B', 'nobody'])).toEqual(new Map());
      const changes = {
        status: "'Denied'",
        job_key: "'other'",
        job_version: '7',
        requester_id: "'eve'",
        address: "'dev:elsewhere'",
        created_at: 'created_at - 1',
        due_at: 'null',
        ended_at: '1',
        failure: "'none'",
      };
      for (const [column, value] of Object.entries(changes)) {
        const kept = `kept_${column}`;
        await administer(`create table ${kept} as select ${column} as old from runs where id = 'A'`);
        await administer(`update runs set ${column} = ${value} where id = 'A'`);
        expect(await store.runs.misfits(['A', 'B'])).toEqual(new Map([['A', [column]]]));
        await administer(`update runs set ${column} = (select old from ${kept}) where id = 'A'`);
      }
      expect(await store.runs.misfits(['A', 'B'])).toEqual(new Map());
      await administer("update runs set ended_at = null, status = 'AwaitingApproval' where id = 'B'");
      expect(await store.runs.misfits(['A', 'B'])).toEqual(new Map([['B', ['status', 'ended_at']]]));
    });

    law('a conversation that moved takes its runs along, and that is no misfit', async ({ store }) => {
      await act(store, 'A', request('A'));
      await store.outbox.readdress('dev:ops', 'dev:mid', T0);
      await store.outbox.readdress('dev:other', 'dev:mid', T0);
      expect(await store.runs.misfits(['A'])).toEqual(new Map());
      await store.outbox.readdress('dev:mid', 'dev:new', T0);
      await act(store, 'A', approve());
      await act(store, 'B', request('B'));
      expect(await store.runs.misfits(['A', 'B'])).toEqual(new Map());
      await store.outbox.readdress('dev:new', 'dev:ops', T0);
      expect(await store.runs.misfits(['A', 'B'])).toEqual(new Map());
    });
  });
};
