import { mayDecide, type Rights } from '../../people/may.ts';
import { isChat, type Person } from '../../people/person.ts';
import { whoDecides } from '../../people/roles.ts';
import type { Rooms } from './heard.ts';

type Deps = Pick<Rooms, 'store' | 'house'>;

/** More people than this are an audience, and nobody feels asked. */
const PEOPLE_MAX = 20;

/** Where these people are asked in private: the first of their accounts that takes messages. Some have none, or want none. */
export const reachable = async ({ store }: Deps, people: readonly Person[]): Promise<readonly string[]> => {
  const asked = people.slice(0, PEOPLE_MAX);
  const mutes = await store.reach.mutes(asked.map(({ id }) => id));
  const closed = await closedAccounts({ store }, asked);
  return asked
    .filter(({ id }) => mutes.get(id)?.includes('asks') !== true)
    .flatMap(({ identities }) => identities.find((one) => isChat(one) && !closed.has(one)) ?? []);
};

/** The accounts of these people that want no messages. */
const closedAccounts = async (
  { store }: Pick<Rooms, 'store'>,
  people: readonly Person[],
): Promise<ReadonlySet<string>> => {
  const consents = await store.reach.consents(people.flatMap(({ identities }) => identities));
  return new Set(consents.filter(({ state }) => state === 'out').map(({ identity }) => identity));
};

/**
 * Who else has to be asked at once: nobody reads what is written on somebody's telephone, so whoever may decide is asked
 * where they are.
 */
export const askedAtOnce = async (
  deps: Deps,
  address: string,
  rights: Pick<Rights, 'approval'>,
  requester: Person,
): Promise<readonly string[]> => {
  if (deps.house.texts?.(address) !== true) return [];
  const found = await deps.store.people.holding({ ...whoDecides(rights), limit: PEOPLE_MAX });
  return reachable(
    deps,
    found.filter((person) => person.id !== requester.id && mayDecide(person, rights)),
  );
};
