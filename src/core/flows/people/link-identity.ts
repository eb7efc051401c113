import { judgeIssue, judgeLink } from '../../people/admission.ts';
import { CODE_MS, CODES_SPAN_MS, isGood, newCode, type OneTimeCode, readCode } from '../../people/code.ts';
import type { Inbound } from '../../ports/channel.ts';
import type { PeopleChange } from '../../ports/people.ts';
import { sha256Hex } from '../../runs/hash.ts';
import {
  admitCodeLines,
  linkCodeLines,
  linkedWords,
  linkNews,
  OVERHEARD_CODE,
} from '../../text/people/people-words.ts';
import type { Handled, Heard, Rooms } from '../messages/heard.ts';
import { type Amendment, amendAndSay } from '../runs/amend.ts';
import { phoneTyped, redeemPhoneCode, sendPhoneCode } from './link-phone.ts';
import { newsFor, refusedPeople, tell } from './people-news.ts';

/** A message of somebody who need not be known. */
export type Listened = Pick<Heard<Extract<Inbound, { kind: 'text' }>>, 'inbound' | 'once'>;

/**
 * `link` makes a code: for a stranger, with which an owner admits them, for somebody known, with which a second account
 * becomes theirs. `link CODE` uses one of the second sort up.
 */
export const linkIdentity = (rooms: Rooms, heard: Listened, code: string | undefined): Promise<Handled> =>
  amendAndSay(rooms, heard, 'Link', () => {
    if (heard.inbound.chat !== 'private') return overheard(rooms, heard, code);
    return code === undefined ? issue(rooms, heard) : take(rooms, heard, code);
  });

/** A number, the code that was sent to one, or the code of another account. */
const take = async (rooms: Rooms, heard: Listened, words: string): Promise<Amendment> => {
  const person = await rooms.store.people.find(heard.inbound.from.identity);
  if (person === undefined) return redeem(rooms, heard, words);
  const asker = { inbound: heard.inbound, person };
  const phone = phoneTyped(words);
  if (phone !== undefined) return sendPhoneCode(rooms, asker, phone);
  return (await redeemPhoneCode(rooms, asker, words)) ?? redeem(rooms, heard, words);
};

const issue = async ({ store, ambient }: Rooms, { inbound }: Listened): Promise<Amendment> => {
  const { from, address } = inbound;
  const { identity } = from;
  const at = await store.now();
  const person = await store.people.find(identity);
  const purpose = person === undefined ? 'admit' : 'link';
  const refusal = judgeIssue(
    purpose,
    await store.people.codeFigures({ identity, since: at - CODES_SPAN_MS, at }),
  );
  if (refusal !== undefined) return refusedPeople(refusal);
  const code = newCode(ambient.chance);
  const until = at + CODE_MS;
  const made: PeopleChange = {
    kind: 'code_made',
    codeHash: sha256Hex(code),
    purpose,
    until,
    identity,
    address,
    name: from.name,
    ...(person === undefined ? {} : { personId: person.id }),
  };
  return {
    said: { lines: purpose === 'admit' ? admitCodeLines(code) : linkCodeLines(code), secret: true },
    records: [{ type: 'CodeMade', actor: `user:${identity}`, payload: { purpose, identity, until } }],
    upkeep: [made],
  };
};

const redeem = async ({ store, house }: Rooms, { inbound }: Listened, typed: string): Promise<Amendment> => {
  const { identity } = inbound.from;
  const at = await store.now();
  const code = await codeTyped(store, typed);
  const verdict = judgeLink({ identity, code, members: await store.people.members(), at });
  if (!verdict.ok) return refusedPeople(verdict.refusal);
  const person = verdict.value;
  const { codeHash = '', identity: by = '' } = code ?? {};
  return {
    said: { lines: [[linkedWords(person, identity)]] },
    records: [
      { type: 'IdentityLinked', actor: `user:${identity}`, payload: { personId: person.id, identity, by } },
    ],
    upkeep: [
      { kind: 'code_closed', codeHash },
      { kind: 'identity_linked', identity, personId: person.id },
    ],
    outbox: newsFor(house, {
      key: keyOf('identity-linked', inbound),
      identities: person.identities,
      words: linkNews(identity),
      ...(code?.address === undefined ? {} : { address: code.address }),
    }),
  };
};

/** Whoever reads along in a group could be quicker, so a code that was shown there is void. */
const overheard = async ({ store }: Rooms, { inbound }: Listened, typed = ''): Promise<Amendment> => {
  const { identity } = inbound.from;
  const known = (await store.people.find(identity)) !== undefined;
  const answer = known ? refusedPeople({ why: 'private_only' }) : { said: { lines: [] } };
  const code = await codeTyped(store, typed);
  if (code === undefined || !isGood(code, code.purpose, await store.now())) return answer;
  const { codeHash, purpose, address, identity: by } = code;
  return {
    ...answer,
    records: [{ type: 'CodeVoided', actor: `user:${identity}`, payload: { purpose, identity: by ?? null } }],
    upkeep: [{ kind: 'code_closed', codeHash }],
    outbox: address === undefined ? [] : [tell(address, keyOf('code-void', inbound), OVERHEARD_CODE)],
  };
};

/** The code behind what somebody typed. Those of the first start are longer, and are never typed. */
export const codeTyped = async (
  { people }: Pick<Rooms['store'], 'people'>,
  typed: string,
): Promise<OneTimeCode | undefined> => {
  const code = readCode(typed);
  return code === undefined ? undefined : people.code(sha256Hex(code));
};

const keyOf = (what: string, { channel, account, eventKey }: Listened['inbound']): string =>
  `${what}:${channel}:${account}:${eventKey}`;
