import type { Person } from '../../core/people/person.ts';
import type { IPeople } from '../../core/ports/people.ts';

/** One person, as they are now, without reading the others: every request with a token asks for one. */
export const personById = async (people: Pick<IPeople, 'holding'>, id: string): Promise<Person | undefined> =>
  (await people.holding({ ids: [id], roles: [], limit: 1 }))[0];
