import { holdsRole } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import type { Gate } from '../../runs/command.ts';
import { frozenLine } from '../../text/cards/say.ts';
import { styledCard } from '../../text/cards/thread-card.ts';
import { type Draft, PRIORITY } from '../../text/grammar/draft.ts';
import type { Rooms } from '../messages/heard.ts';
import { tellingOf } from '../messages/telling.ts';
import { type Amendment, no } from '../runs/amend.ts';
import { freezeGate } from './gates.ts';

export type FreezeRooms = Pick<Rooms, 'store' | 'house' | 'directory'>;

export interface FreezeBy {
  readonly person: Person;
  readonly identity: string;
}

/**
 * Stops every decision, every start and every claim of a worker until somebody unfreezes. What runs goes on, the history is written on,
 * deadlines tick, and a cancel works: all of them only ever end something.
 */
export const freeze =
  (rooms: FreezeRooms, { person, identity }: FreezeBy, reason: string) =>
  async (): Promise<Amendment> => {
    const { store } = rooms;
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
      outbox: await redrawn(rooms, freezeGate({ by: person.name })),
    };
  };

/** Whoever may say yes to a run may say that runs go on. */
export const unfreeze =
  (rooms: FreezeRooms, { person, identity }: FreezeBy) =>
  async (): Promise<Amendment> => {
    const { store } = rooms;
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
      outbox: await redrawn(rooms, freezeGate(undefined)),
    };
  };

/** More runs than this do not wait for somebody to start them, or for a dry run. */
const CARDS_MAX = 50;
const WAITING_MAX = 200;

/** The cards that offer a start or wait for a dry run, as the freeze leaves them. */
const redrawn = async (
  { store, house, directory }: FreezeRooms,
  freezing: Gate,
): Promise<readonly Draft[]> => {
  const at = await store.now();
  const approved = await store.runs.list({ status: ['Approved'], limit: CARDS_MAX });
  const waiting = await store.runs.list({ status: ['AwaitingApproval'], limit: WAITING_MAX });
  // The dry run may be there by the commit, so a card that has its result already is drawn as well.
  const previewed = waiting.runs.filter(({ state }) => state.previews === true).slice(0, CARDS_MAX);
  const drafts = [...approved.runs, ...previewed].map(async ({ state, version }) => {
    const telling = await tellingOf(
      { runs: store.runs, reach: store.reach, house, directory },
      {},
      state,
      version,
    );
    const gates = telling.gates.map((gate) => (gate.name === 'freeze' ? freezing : gate));
    const { runId, origin, alsoAsked = [] } = state;
    return [origin.address, ...alsoAsked].filter(house.cards).map((address): Draft => {
      const card = styledCard(state, { ...telling, gates }, house.threads?.(address));
      const key = `card:${runId}:${freezing.met ? 'unfrozen' : 'frozen'}:${at}`;
      return { key, address, runId, priority: PRIORITY.result, content: { kind: 'card', card } };
    });
  });
  return (await Promise.all(drafts)).flat();
};

const STOPPERS = ['operator', 'approver'];

const REASON_MAX = 200;
