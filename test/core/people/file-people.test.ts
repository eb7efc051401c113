import { expect, test } from 'vitest';
import { clashesWith } from '../../../src/core/people/file-people.ts';
import type { Member } from '../../../src/core/people/member.ts';
import type { Person } from '../../../src/core/people/person.ts';
import { noon } from '../../cast.ts';

const person = (id: string, ...identities: string[]): Person => ({ id, name: id, roles: [], identities });

const member = (source: Member['source'], one: Person, inChat: readonly string[]): Member => ({
  person: one,
  source,
  since: noon,
  inChat,
});

const ana = person('ana', 'telegram:41', 'telegram:410');
const zed = person('telegram:99', 'telegram:99', 'dev:zed');
const members = [
  member('file', ana, ['telegram:410']),
  member('file', person('bob', 'dev:bob'), []),
  member('chat', zed, zed.identities),
];

test('the same file again takes nothing from anybody', () =>
  expect(clashesWith(members, [person('ana', 'telegram:41'), person('bob', 'dev:bob')])).toEqual([]));

test('an account that the file gives away is lost by whoever had it in chat', () => {
  const bob = person('bob', 'dev:bob', 'telegram:99', 'telegram:410');
  expect(clashesWith(members, [person('ana', 'telegram:41'), bob])).toEqual([
    { identity: 'telegram:410', from: ana, to: bob, last: false },
    { identity: 'telegram:99', from: zed, to: bob, last: false },
  ]);
});

test('whose every account the file gives away is revoked', () => {
  const bob = person('bob', 'dev:zed', 'telegram:99');
  expect(clashesWith([member('chat', zed, zed.identities)], [bob])).toEqual([
    { identity: 'telegram:99', from: zed, to: bob, last: true },
    { identity: 'dev:zed', from: zed, to: bob, last: true },
  ]);
});

test('what somebody linked in chat goes with them when they leave the file', () =>
  expect(clashesWith(members, [])).toEqual([{ identity: 'telegram:410', from: ana, last: false }]));

test('what the file moves from one of its people to another is its own affair', () =>
  expect(
    clashesWith(members, [person('ana', 'telegram:41', 'telegram:410', 'dev:bob'), person('bob', 'dev:b')]),
  ).toEqual([]));
