import type { Person } from '../people/person.ts';
import type { Inbound } from '../ports/channel.ts';
import type { Once } from '../ports/commit.ts';
import { link } from '../runs/chain.ts';
import { sha256Hex } from '../runs/hash.ts';
import { type Handled, type Rooms, sayOnly } from './heard.ts';

type Text = Extract<Inbound, { kind: 'text' }>;

/** Whoever opens the link that start printed becomes owner: once, for ten minutes, in a private chat only. */
export const claimOwner = async (
  rooms: Rooms,
  heard: { readonly inbound: Text; readonly once: Once; readonly at: number },
  code: string,
): Promise<Handled> => {
  const { inbound, at } = heard;
  const say = (words: string): Promise<Handled> => sayOnly(rooms, heard, 'Claim', { lines: [[words]] });
  if (inbound.chat !== 'private' || inbound.disqualified !== undefined)
    return sayOnly(rooms, heard, 'Claim', undefined);
  const person = ownerOf(inbound);
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const outcome = await take(rooms, person, code, at);
    if (outcome === 'claimed') return say(`Welcome, ${person.name}. You are the owner now. Try: /jobs`);
    if (outcome === 'taken')
      return say('This link was used already or is too old. Start TextOps again for a new one.');
  }
  throw new Error('claiming ownership met five conflicting commits');
};

const ownerOf = ({ from }: Text): Person => ({
  id: from.identity,
  name: from.name,
  roles: ['owner'],
  identities: [from.identity],
});

const take = async (rooms: Rooms, person: Person, code: string, at: number) => {
  const head = await rooms.store.runs.head('system');
  const event = {
    type: 'OwnerClaimed',
    at,
    actor: `user:${person.id}`,
    payload: { personId: person.id, name: person.name, roles: person.roles },
  };
  const [record] = link('system', head, [event]);
  if (record === undefined) throw new Error('one event was linked into none');
  const codeHash = sha256Hex(code);
  return rooms.store.people.claimOwner({ codeHash, person, record, expectedSeq: head.seq, at });
};
