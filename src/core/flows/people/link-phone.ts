import { judgePhone } from '../../people/admission.ts';
import { boundCode, CODE_MS, CODES_SPAN_MS, newPhoneCode, readPhoneCode } from '../../people/code.ts';
import type { Person } from '../../people/person.ts';
import { sha256Hex } from '../../runs/hash.ts';
import { linkedWords, phoneCodeLines, phoneCodeText } from '../../text/people/people-words.ts';
import type { Heard, Rooms, Text } from '../messages/heard.ts';
import type { Amendment } from '../runs/amend.ts';
import { refusedPeople } from './people-news.ts';

type Asker = Pick<Heard<Text>, 'inbound'> & { readonly person: Person };

/** `+49 170 1234567`, as an account; undefined when it is no number. */
export const phoneTyped = (typed: string): string | undefined => {
  const number = typed.replaceAll(/[\s()/-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(number) ? `sms:${number}` : undefined;
};

/** Sends a code to a number, which proves by it whose it is: that a text came from it proves nothing. */
export const sendPhoneCode = async (
  { store, house, ambient }: Rooms,
  { inbound: { from, eventKey }, person }: Asker,
  phone: string,
): Promise<Amendment> => {
  const { identity } = from;
  const at = await store.now();
  if (house.texts?.(phone) !== true) return refusedPeople({ why: 'no_texts' });
  const figures = await store.people.codeFigures({ identity, since: at - CODES_SPAN_MS, at });
  const [consent] = await store.reach.consents([phone]);
  const members = await store.people.members();
  const refusal = judgePhone({ phone, person, figures, members, unwanted: consent?.state === 'out' });
  if (refusal !== undefined) return refusedPeople(refusal);
  const code = newPhoneCode(ambient.chance);
  const until = at + CODE_MS;
  const words = phoneCodeText(code);
  return {
    said: { lines: phoneCodeLines(phone) },
    records: [
      { type: 'CodeMade', actor: `user:${identity}`, payload: { purpose: 'phone', identity, until } },
    ],
    upkeep: [
      { kind: 'phone_codes_closed', identity },
      {
        kind: 'code_made',
        codeHash: sha256Hex(boundCode(code, identity)),
        purpose: 'phone',
        until,
        identity,
        address: phone,
        name: from.name,
        personId: person.id,
      },
    ],
    outbox: [
      {
        key: `phone-code:${eventKey}`,
        address: phone,
        priority: 3,
        content: { kind: 'note', note: { lines: [[words]], actions: [] }, plain: words, brief: [words] },
        secret: true,
      },
    ],
  };
};

/** The code of a number, typed by whoever asked for it; undefined for what is no such code. */
export const redeemPhoneCode = async (
  { store }: Rooms,
  { inbound: { from } }: Asker,
  typed: string,
): Promise<Amendment | undefined> => {
  const { identity } = from;
  const digits = readPhoneCode(typed);
  if (digits === undefined) return undefined;
  const code = await store.people.code(sha256Hex(boundCode(digits, identity)));
  const at = await store.now();
  if (code === undefined || code.used || at >= code.until || code.address === undefined) {
    return { ...refusedPeople({ why: 'code_void' }), upkeep: [{ kind: 'code_missed', identity }] };
  }
  const phone = code.address;
  const members = await store.people.members();
  const owner = members.find(({ person }) => person.id === code.personId)?.person;
  if (owner === undefined || !owner.identities.includes(identity)) return refusedPeople({ why: 'code_void' });
  const refusal = judgePhone({ phone, person: owner, members });
  if (refusal !== undefined) return refusedPeople(refusal);
  const actor = `user:${identity}`;
  const words = 'link, with the code that was sent there';
  return {
    said: { lines: [[linkedWords(owner, phone)]] },
    records: [
      { type: 'IdentityLinked', actor, payload: { personId: owner.id, identity: phone, by: identity } },
      { type: 'ConsentGiven', actor, payload: { identity: phone, words } },
    ],
    upkeep: [
      { kind: 'code_closed', codeHash: code.codeHash },
      { kind: 'identity_linked', identity: phone, personId: owner.id },
      { kind: 'consent', identity: phone, state: 'in', words },
    ],
  };
};
