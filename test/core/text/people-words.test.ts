import { expect, test } from 'vitest';
import type { Member } from '../../../src/core/people/member.ts';
import { PEOPLE_REFUSALS, type PeopleRefusal } from '../../../src/core/people/refusal.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import {
  clashWords,
  explainPeople,
  peopleLines,
  shownIdentity,
  whoAmIWords,
} from '../../../src/core/text/people/people-words.ts';
import { noon } from '../../cast.ts';

const ana = {
  id: 'ana',
  name: 'Ana',
  roles: ['operator', 'dba'],
  identities: ['telegram:41', 'sms:+491701234567'],
  timezone: 'Europe/Berlin',
};
const eve = { id: 'eve', name: 'Eve', roles: [], identities: ['dev:eve'] };

test('whoami shows every account in private, one in a group, and no telephone number', () => {
  expect(whoAmIWords(ana, 'telegram:41', 'private')).toBe(
    'Ana · operator, dba · telegram:41 (here), sms:••••67 · Europe/Berlin',
  );
  expect(whoAmIWords(ana, 'telegram:41', 'group')).toBe(
    'Ana · operator, dba · telegram:41 (here), 1 more account · Europe/Berlin',
  );
  expect(whoAmIWords(eve, 'dev:eve', 'group')).toBe('Eve · no role · dev:eve');
  expect(shownIdentity('slack:T1:U2')).toBe('slack:T1:U2');
});

test('a long list of people says where the rest is', () => {
  const many = Array.from(
    { length: 42 },
    (): Member => ({ person: eve, source: 'file', since: noon, inChat: [] }),
  );
  const lines = plainLines(peopleLines(many));
  expect(lines).toHaveLength(42);
  expect(lines[0]).toBe('42 people · /admit CODE ROLE · /revoke PERSON');
  expect(lines.at(-1)).toBe('and 2 more: textops people');
  expect(plainLines(peopleLines(many.slice(0, 1)))[0]).toMatch(/^1 person · /);
});

test('what the file takes from somebody is said with who had it', () => {
  const clash = { identity: 'telegram:41', from: ana };
  expect(clashWords({ ...clash, to: eve, last: false })).toBe(
    'telegram:41 is Eve now, as the file says; it was Ana',
  );
  expect(clashWords({ ...clash, to: eve, last: true })).toBe(
    'telegram:41 is Eve now, as the file says; Ana, admitted in chat, has no account left and is revoked',
  );
  expect(clashWords({ ...clash, last: false })).toBe(
    'telegram:41 went with Ana, as the file says; it was linked in chat',
  );
});

const all: Readonly<Record<PeopleRefusal['why'], PeopleRefusal>> = {
  private_only: { why: 'private_only' },
  owner_needed: { why: 'owner_needed' },
  codes_spent: { why: 'codes_spent' },
  too_many_waiting: { why: 'too_many_waiting' },
  code_void: { why: 'code_void' },
  no_texts: { why: 'no_texts' },
  texts_unwanted: { why: 'texts_unwanted', identity: 'sms:+491701234567' },
  role_missing: { why: 'role_missing' },
  unknown_role: { why: 'unknown_role', role: 'opertor', near: 'operator' },
  already_known: { why: 'already_known', identity: 'telegram:41', name: 'Ana' },
  name_taken: { why: 'name_taken', name: 'Ana' },
  too_many_identities: { why: 'too_many_identities', max: 20 },
  unknown_identity: { why: 'unknown_identity', identity: 'telegram:1' },
  identity_of_file: { why: 'identity_of_file', identity: 'telegram:41' },
  last_identity: { why: 'last_identity', identity: 'telegram:41' },
  unknown_person: { why: 'unknown_person', word: 'Anna', near: 'Ana' },
  ambiguous_person: { why: 'ambiguous_person', word: 'Ana', ids: ['ana', 'telegram:41'] },
  person_of_file: { why: 'person_of_file', name: 'Ana' },
  last_owner: { why: 'last_owner', name: 'Ana' },
};

test('every refusal has words of its own', () => {
  expect(Object.keys(all)).toEqual([...PEOPLE_REFUSALS]);
  const words = Object.values(all).map(explainPeople);
  expect(new Set(words).size).toBe(words.length);
  expect(words.every((sentence) => sentence.length < 110)).toBe(true);
});
