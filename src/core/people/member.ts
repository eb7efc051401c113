import type { Instant } from '../time/instant.ts';
import type { Person } from './person.ts';

/** A person as the installation keeps it, with where it comes from. */
export interface Member {
  readonly person: Person;
  /** `file`: only the file changes it. `chat`: an owner admitted it, and an owner revokes it. */
  readonly source: 'file' | 'chat';
  readonly since: Instant;
  /** Those of its identities that came in chat, whoever the person comes from. */
  readonly inChat: readonly string[];
}

/** Whom an owner means: the one of this id, whose identity this is, or everybody of this name. */
export const membersCalled = (members: readonly Member[], word: string): readonly Member[] => {
  const exact = members.filter(({ person }) => person.id === word || person.identities.includes(word));
  return exact.length > 0 ? exact : members.filter(({ person }) => sameName(person.name, word));
};

/** Names that readers take for the same. */
export const sameName = (one: string, other: string): boolean => plainName(one) === plainName(other);

const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const NAME_MAX = 60;

/** A name as cards may show it: one line, short, and nothing hidden in it; undefined when nothing is left. */
export const cleanName = (name: string): string | undefined => {
  const shown = name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').replaceAll(/\s+/g, ' ');
  const short = [...shown].slice(0, NAME_MAX).join('').trim();
  return short === '' ? undefined : short;
};

/** An id for a new person: the identity that it comes with, which no id of the file can be, unless somebody has it. */
export const freeId = (members: readonly Member[], identity: string): string => {
  const taken = new Set(members.map(({ person }) => person.id));
  let id = identity;
  for (let count = 2; taken.has(id); count += 1) id = `${identity}~${count}`;
  return id;
};
