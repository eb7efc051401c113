import { type Clash, clashesWith } from '../../people/file-people.ts';
import type { Person } from '../../people/person.ts';
import type { Store } from '../../ports/store.ts';
import { link } from '../../runs/chain.ts';
import { RETRIES } from '../../time/retries.ts';

/**
 * Makes these the people of the file. What that takes from people who came or linked in chat is on record in the same
 * transaction, and is answered, for somebody to say it.
 */
export const takeFilePeople = async (
  store: Pick<Store, 'now' | 'runs' | 'people'>,
  people: readonly Person[],
): Promise<readonly Clash[]> => {
  for (let attempt = 1; attempt <= RETRIES.conflict.triesMax; attempt += 1) {
    const head = await store.runs.head('system');
    const clashes = clashesWith(await store.people.members(), people);
    const at = await store.now();
    const records = clashes.flatMap(recordsOf).map((record) => ({ ...record, actor: 'system:file', at }));
    const events = link('system', head, records);
    const outcome = await store.people.replaceFilePeople(people, at, { expectedSeq: head.seq, events });
    if (outcome === 'replaced') return clashes;
  }
  throw new Error(`the people of the file met ${RETRIES.conflict.triesMax} conflicting records`);
};

const recordsOf = ({ identity, from, to, last }: Clash) => {
  const payload = { identity, personId: from.id };
  const lost =
    to === undefined
      ? { type: 'IdentityUnlinked', payload }
      : { type: 'IdentityMoved', payload: { ...payload, to: to.id } };
  const { id: personId, name, roles, identities } = from;
  return last ? [lost, { type: 'PersonRevoked', payload: { personId, name, roles, identities } }] : [lost];
};
