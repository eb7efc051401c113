import { DEV_ROLES, mayDecide, SEATS } from '../../people/may.ts';
import { accountBehind, isChat, type Person } from '../../people/person.ts';
import { whoDecides } from '../../people/roles.ts';
import type { IPeople } from '../../ports/people.ts';
import type { IReach } from '../../ports/reach.ts';
import { hasAsked, holdsStill, type Lacking, tally, wouldCount } from '../../runs/approvals.ts';
import type { Facts } from '../../runs/run.ts';

/** Who is who, and who may decide. Asked again for every decision and every claim, so that a right that was taken counts. */
export interface Directory {
  whoIs(identity: string): Promise<Person | undefined>;
  /** Names of the people whose yes could count for this run; of a crowd the first ones. */
  deciders(run: Facts): Promise<readonly string[]>;
  /** The needs that the votes leave open, with those whose yes would cover one; of a crowd the first ones. */
  lacking(run: Facts): Promise<readonly Lacking[]>;
  /** Ids of the voters who still hold the right. */
  entitled(run: Facts): Promise<readonly string[]>;
}

/**
 * In the dev profile, on the dev door and in the terminal only, an address that belongs to nobody is a person who may
 * ask and approve; the seats of the terminal have roles of their own (PRODUCT 2).
 */
export const directory = (
  people: Pick<IPeople, 'find' | 'holding'>,
  profile: 'dev' | 'production',
  reach?: Pick<IReach, 'consents'>,
): Directory => {
  const whoIs = async (identity: string): Promise<Person | undefined> => {
    const known = await people.find(identity);
    if (known !== undefined) return known;
    const account = accountBehind(identity);
    if (account !== undefined) return whoIs(account);
    return profile === 'dev' ? seated(identity) : undefined;
  };
  return {
    whoIs,
    deciders: async (run) => {
      const found = await people.holding({ ...whoDecides(run), limit: NAMED_MAX + 1 });
      const able = found.filter((person) => mayDecide(person, run) && mayAnswer(person, run));
      return named(found, able, await deafTo(reach, able));
    },
    lacking: (run) =>
      Promise.all(
        tally(run.approval, run.votes).missing.map(async (one) => {
          const who = whoDecides({
            approval: { approvers: [], needs: one.roles.map((role) => ({ role, count: 1 })) },
          });
          const found = await people.holding({ ...who, limit: NAMED_MAX + 1 });
          const able = found.filter((person) => mayAnswer(person, run) && wouldCount(run, person));
          return { ...one, names: named(found, able, await deafTo(reach, able)) };
        }),
      ),
    entitled: async (run) => {
      const found = await Promise.all(run.votes.map((vote) => whoIs(vote.identity)));
      return run.votes.flatMap((vote, index) => {
        const person = found[index];
        return person !== undefined && holdsStill(run, vote, person) ? [vote.personId] : [];
      });
    },
  };
};

/** Those who are nowhere to be asked but on a telephone that wants no messages: nobody should count on them. */
const deafTo = async (
  reach: Pick<IReach, 'consents'> | undefined,
  people: readonly Person[],
): Promise<ReadonlySet<string>> => {
  const phones = people.filter(
    ({ identities }) => identities.some(isChat) && identities.filter(isChat).every(isPhone),
  );
  if (reach === undefined || phones.length === 0) return new Set();
  const consents = await reach.consents(phones.flatMap(({ identities }) => identities));
  const closed = new Set(consents.filter(({ state }) => state === 'out').map(({ identity }) => identity));
  return new Set(
    phones
      .filter(({ identities }) => identities.filter(isChat).every((one) => closed.has(one)))
      .map(({ id }) => id),
  );
};

const isPhone = (identity: string): boolean => identity.startsWith('sms:');

/** Nobody reads more names than that. */
const NAMED_MAX = 20;

const named = (
  found: readonly Person[],
  able: readonly Person[],
  deaf: ReadonlySet<string>,
): readonly string[] => {
  const names = able.map(({ id, name }) => (deaf.has(id) ? `${name} (takes no texts)` : name));
  return found.length > NAMED_MAX ? [...names.slice(0, NAMED_MAX), 'and others'] : names;
};

const mayAnswer = (person: Person, run: Facts): boolean => run.selfApproval || !hasAsked(run, person);

const seated = (identity: string): Person | undefined => {
  if (!identity.startsWith('dev:')) return undefined;
  const word = identity.slice('dev:'.length);
  const roles = (Object.hasOwn(SEATS, word) ? SEATS[word] : undefined) ?? DEV_ROLES;
  const name = word === '' ? identity : word.charAt(0).toUpperCase() + word.slice(1);
  return { id: identity, name, roles, identities: [identity] };
};
