import type { Member } from './member.ts';
import type { Person } from './person.ts';

/** An account that somebody got in chat and loses by what the file says. */
export interface Clash {
  readonly identity: string;
  readonly from: Person;
  /** The person of the file whose it is now; absent when the file no longer names the person that had it. */
  readonly to?: Person;
  /** Nothing is left of a person that was admitted in chat. */
  readonly last: boolean;
}

/**
 * What of chat gives way when these become the people of the file. The file wins: an account that it gives to somebody is
 * that person's, and whom it no longer names keeps nothing, not even what was linked in chat.
 */
export const clashesWith = (members: readonly Member[], file: readonly Person[]): readonly Clash[] => {
  const named = new Map(
    file.flatMap((person) => person.identities.map((identity) => [identity, person] as const)),
  );
  const stays = new Set(file.map(({ id }) => id));
  return members.flatMap((member) => {
    const { person: from, source, inChat } = member;
    const gone = source === 'file' && !stays.has(from.id);
    const lost = inChat.filter((identity) => {
      const to = named.get(identity);
      return gone || (to !== undefined && to.id !== from.id);
    });
    const last = source === 'chat' && lost.length === from.identities.length;
    return lost.map((identity): Clash => {
      const to = named.get(identity);
      return { identity, from, ...(to === undefined ? {} : { to }), last };
    });
  });
};
