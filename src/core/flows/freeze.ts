import { holdsRole } from '../people/may.ts';
import type { Person } from '../people/person.ts';
import { frozenLine } from '../text/say.ts';
import type { Amendment } from './amend.ts';
import type { Rooms } from './heard.ts';

export interface FreezeBy {
  readonly person: Person;
  readonly identity: string;
}

/**
 * Stops every decision and every claim of a worker until somebody unfreezes. What runs goes on, the history is written on,
 * deadlines tick, and a cancel works: all of them only ever end something.
 */
export const freeze =
  ({ store }: Pick<Rooms, 'store'>, { person, identity }: FreezeBy, reason: string) =>
  async (): Promise<Amendment> => {
    if (!STOPPERS.some((role) => holdsRole(person, role)))
      return no('role_needed', 'Only operators, approvers and owners freeze. Nothing changed.');
    const why = reason.trim().slice(0, REASON_MAX);
    if (why === '') return no('reason_needed', 'Why? Everybody will read it. Try: freeze release weekend');
    const now = await store.freeze.current();
    if (now !== undefined) return { refused: 'no_change', said: { lines: [frozenLine(now)] } };
    const words = `Frozen by ${person.name}: nothing is decided or started, what runs goes on. Again: /unfreeze`;
    return {
      said: { lines: [[words]] },
      records: [{ type: 'Frozen', actor: `user:${identity}`, payload: { reason: why } }],
      upkeep: [{ kind: 'freeze', by: person.name, reason: why }],
    };
  };

/** Whoever may say yes to a run may say that runs go on. */
export const unfreeze =
  ({ store }: Pick<Rooms, 'store'>, { person, identity }: FreezeBy) =>
  async (): Promise<Amendment> => {
    if (!holdsRole(person, 'approver'))
      return no('role_needed', 'Only approvers and owners unfreeze. Nothing changed.');
    const now = await store.freeze.current();
    if (now === undefined) return no('no_change', 'Nothing is frozen.');
    return {
      said: { lines: [[`Unfrozen by ${person.name}. Decisions count and workers take runs again.`]] },
      records: [
        { type: 'Unfrozen', actor: `user:${identity}`, payload: { since: now.at, reason: now.reason } },
      ],
      upkeep: [{ kind: 'unfreeze' }],
    };
  };

const STOPPERS = ['operator', 'approver'];

const REASON_MAX = 200;

const no = (refused: string, words: string): Amendment => ({ refused, said: { lines: [[words]] } });
