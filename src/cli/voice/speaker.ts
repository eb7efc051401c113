import type { Person } from '../../core/people/person.ts';
import type { Store } from '../../core/ports/store.ts';
import { Stop } from './stop.ts';

export interface Speaker {
  readonly kind: 'person';
  readonly person: Person;
  readonly identity: string;
}

/**
 * Who signs for what is typed on the machine of the database. Whoever may write to the database may do anything with it,
 * so nobody in particular counts as an owner; whoever gives a name has that person's rights and no more.
 */
export const speaker = async (store: Pick<Store, 'people'>, name: string | undefined): Promise<Speaker> => {
  if (name === undefined) return { kind: 'person', person: LOCAL, identity: 'cli:local' };
  const person = (await store.people.list()).find((one) => one.id === name || one.identities.includes(name));
  if (person === undefined) {
    throw new Stop({
      code: 'USAGE',
      message: `Nobody is called ${name}.`,
      hint: 'People stand in the file.',
    });
  }
  return { kind: 'person', person, identity: `cli:${person.id}` };
};

const LOCAL: Person = {
  id: 'cli:local',
  name: 'the command line',
  roles: ['owner'],
  identities: ['cli:local'],
};
