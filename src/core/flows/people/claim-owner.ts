import { judgeClaim } from '../../people/admission.ts';
import type { PeopleRefusal } from '../../people/refusal.ts';
import type { Sender } from '../../ports/channel.ts';
import { sha256Hex } from '../../runs/hash.ts';
import { type Handled, type Heard, type Rooms, sayOnly, type Text } from '../messages/heard.ts';
import { type Amendment, amendAndSay } from '../runs/amend.ts';
import { refusedPeople } from './people-news.ts';

/** Whoever opens the link that start printed becomes owner: once, for ten minutes, in a private chat only. */
export const claimOwner = async (
  rooms: Rooms,
  heard: Pick<Heard<Text>, 'inbound' | 'once' | 'at'>,
  code: string,
): Promise<Handled> => {
  const { inbound } = heard;
  if (inbound.chat !== 'private' || inbound.disqualified !== undefined)
    return sayOnly(rooms, heard, 'Claim', undefined);
  return amendAndSay(rooms, heard, 'Claim', () => take(rooms, inbound.from, code));
};

const take = async ({ store }: Rooms, { identity, name }: Sender, typed: string): Promise<Amendment> => {
  const verdict = judgeClaim({
    identity,
    name,
    code: await store.people.code(sha256Hex(typed)),
    members: await store.people.members(),
    at: await store.now(),
  });
  if (!verdict.ok) return refusedClaim(verdict.refusal);
  const person = verdict.value;
  const { id: personId, name: called, roles } = person;
  return {
    said: { lines: [[`Welcome, ${called}. You are the owner now. Try: /jobs`]] },
    records: [
      { type: 'OwnerClaimed', actor: `user:${identity}`, payload: { personId, name: called, roles } },
    ],
    upkeep: [
      { kind: 'code_closed', codeHash: sha256Hex(typed) },
      { kind: 'person_admitted', person },
    ],
  };
};

/** Another link comes with another start. */
const refusedClaim = (refusal: PeopleRefusal): Amendment => {
  const words = 'This link was used already or is too old. Start TextOps again for a new one.';
  return refusal.why === 'code_void'
    ? { said: { lines: [[words]] }, refused: refusal.why }
    : refusedPeople(refusal);
};
