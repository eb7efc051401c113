import { describe, expect, test } from 'vitest';
import {
  IDENTITIES_MAX,
  judgeAdmit,
  judgeClaim,
  judgeIssue,
  judgeLink,
  judgePhone,
  judgeRevoke,
  judgeUnlink,
} from '../../../src/core/people/admission.ts';
import { CODES_MAX, type OneTimeCode, WAITING_MAX } from '../../../src/core/people/code.ts';
import { cleanName, type Member } from '../../../src/core/people/member.ts';
import type { Person } from '../../../src/core/people/person.ts';
import { PEOPLE_REFUSALS } from '../../../src/core/people/refusal.ts';
import { noon } from '../../cast.ts';

const person = (id: string, name: string, roles: readonly string[], ...identities: string[]): Person => ({
  id,
  name,
  roles,
  identities,
});

const inFile = (one: Person, inChat: readonly string[] = []): Member => ({
  person: one,
  source: 'file',
  since: noon,
  inChat,
});
const inChat = (one: Person): Member => ({
  person: one,
  source: 'chat',
  since: noon,
  inChat: one.identities,
});

const bob = inFile(person('bob', 'Bob', ['owner'], 'telegram:42', 'dev:bob', 'telegram:420'), [
  'telegram:420',
]);
const zed = inChat(person('telegram:99', 'Zed', ['operator'], 'telegram:99', 'dev:zed'));
const yan = inChat(person('telegram:98', 'Yan', ['owner'], 'telegram:98'));

const code = (over: Partial<OneTimeCode>): OneTimeCode => ({
  codeHash: 'h',
  purpose: 'admit',
  until: noon + 1,
  used: false,
  identity: 'telegram:77',
  address: 'telegram:77',
  name: 'Max',
  ...over,
});

const refusals = new Set<string>();
const why = (judged: { readonly ok: boolean; readonly refusal?: { readonly why: string } }): string => {
  if (judged.refusal === undefined) return 'yes';
  refusals.add(judged.refusal.why);
  return judged.refusal.why;
};

describe('asking for a code', () => {
  test('is bounded for everybody, and for all strangers together', () => {
    expect(judgeIssue('admit', { own: CODES_MAX - 1, waiting: WAITING_MAX - 1 })).toBeUndefined();
    expect(judgeIssue('admit', { own: CODES_MAX, waiting: 0 })).toEqual({ why: 'codes_spent' });
    expect(judgeIssue('link', { own: CODES_MAX, waiting: 0 })).toEqual({ why: 'codes_spent' });
    expect(judgeIssue('admit', { own: 0, waiting: WAITING_MAX })).toEqual({ why: 'too_many_waiting' });
    expect(judgeIssue('link', { own: 0, waiting: WAITING_MAX })).toBeUndefined();
  });
});

describe('admitting', () => {
  const wish = (over: Partial<Parameters<typeof judgeAdmit>[0]> = {}) =>
    judgeAdmit({
      code: code({}),
      roles: ['operator'],
      rolesInUse: ['owner', 'operator', 'dba'],
      members: [bob, zed],
      at: noon,
      ...over,
    });

  test('makes a person with the name that the stranger goes by, or the one that the owner gives', () => {
    const made = { id: 'telegram:77', name: 'Max', roles: ['operator'], identities: ['telegram:77'] };
    expect(wish()).toEqual({ ok: true, value: made });
    expect(wish({ name: 'Max M.', roles: ['dba', 'operator', 'dba'] })).toEqual({
      ok: true,
      value: { ...made, name: 'Max M.', roles: ['dba', 'operator'] },
    });
    expect(wish({ code: code({ name: '\u202E\u200B ' }) })).toMatchObject({ value: { name: 'telegram:77' } });
  });

  test('gives no id away that somebody has', () => {
    const moved = inChat(person('telegram:77', 'Mia', [], 'dev:mia'));
    const again = inChat(person('telegram:77~2', 'Mio', [], 'dev:mio'));
    expect(wish({ members: [moved, again] })).toMatchObject({ value: { id: 'telegram:77~3' } });
  });

  test.each([
    ['without a role', { roles: [] }, 'role_missing'],
    ['as something that means nothing', { roles: ['operator', 'opertor'] }, 'unknown_role'],
    ['by a code that nobody knows', { code: undefined }, 'code_void'],
    ['by a code for something else', { code: code({ purpose: 'link' }) }, 'code_void'],
    ['by a code that was used', { code: code({ used: true }) }, 'code_void'],
    ['by a code that is too old', { at: noon + 1 }, 'code_void'],
    [
      'somebody who is known by now',
      { code: code({ identity: 'telegram:99', used: true }) },
      'already_known',
    ],
    ['under a name that somebody has', { name: 'ｚｅｄ ' }, 'name_taken'],
    ['under the id of somebody', { name: 'BOB' }, 'name_taken'],
  ] as const)('%s does not work', (_how, over, refusal) => expect(why(wish(over))).toBe(refusal));

  test('a slip in the role is told with the nearest one', () =>
    expect(wish({ roles: ['opertor'] })).toMatchObject({ refusal: { role: 'opertor', near: 'operator' } }));
});

describe('the link of the first start', () => {
  const wish = (over: Partial<Parameters<typeof judgeClaim>[0]> = {}) =>
    judgeClaim({
      identity: 'telegram:77',
      name: 'Max',
      code: code({ purpose: 'claim_owner' }),
      members: [bob],
      at: noon,
      ...over,
    });
  test('makes an owner', () =>
    expect(wish()).toMatchObject({ ok: true, value: { id: 'telegram:77', roles: ['owner'] } }));
  test('is no other code, and nothing for somebody known', () => {
    expect(why(wish({ code: code({}) }))).toBe('code_void');
    expect(why(wish({ identity: 'telegram:42' }))).toBe('already_known');
  });
});

describe('linking', () => {
  const made = code({ purpose: 'link', identity: 'telegram:99', personId: 'telegram:99' });
  const wish = (over: Partial<Parameters<typeof judgeLink>[0]> = {}) =>
    judgeLink({ identity: 'dev:new', code: made, members: [bob, zed], at: noon, ...over });
  const full = inChat({
    ...zed.person,
    identities: Array.from({ length: IDENTITIES_MAX }, (_, index) => `telegram:${99 + index}`),
  });

  test('makes the account one of the person who made the code', () =>
    expect(wish()).toEqual({ ok: true, value: zed.person }));

  test.each([
    ['an account that is somebody’s', { identity: 'dev:bob' }, 'already_known'],
    ['with a code for being admitted', { code: code({}) }, 'code_void'],
    ['with a code that was used', { code: { ...made, used: true } }, 'code_void'],
    ['with a code that is too old', { at: noon + 1 }, 'code_void'],
    ['to somebody who was revoked', { members: [bob] }, 'code_void'],
    ['by an account that is unlinked by now', { code: { ...made, identity: 'dev:old' } }, 'code_void'],
    ['one account more than anybody may have', { members: [full] }, 'too_many_identities'],
  ] as const)('%s does not work', (_how, over, refusal) => expect(why(wish(over))).toBe(refusal));
});

describe('unlinking', () => {
  const wish = (identity: string, by: Person) =>
    judgeUnlink({ identity, person: by, members: [bob, zed, yan] });
  test('one’s own account, or for an owner anybody’s', () => {
    expect(wish('dev:zed', zed.person)).toEqual({ ok: true, value: zed.person });
    expect(wish('dev:zed', yan.person)).toEqual({ ok: true, value: zed.person });
    expect(wish('telegram:420', bob.person)).toEqual({ ok: true, value: bob.person });
  });
  test.each([
    ['somebody else’s', 'telegram:98', zed.person, 'unknown_identity'],
    ['nobody’s', 'telegram:1', yan.person, 'unknown_identity'],
    ['one of the file', 'telegram:42', bob.person, 'identity_of_file'],
    ['the last one', 'telegram:98', yan.person, 'last_identity'],
  ])('%s does not work', (_whose, identity, by, refusal) => expect(why(wish(identity, by))).toBe(refusal));
});

describe('revoking', () => {
  test.each(['Zed', 'zed', 'telegram:99', 'dev:zed'])('%s means Zed', (word) =>
    expect(judgeRevoke(word, [bob, zed])).toEqual({ ok: true, value: zed.person }),
  );
  test('an owner may be revoked while there is another', () =>
    expect(judgeRevoke('Yan', [bob, zed, yan])).toEqual({ ok: true, value: yan.person }));
  test.each([
    ['nobody', 'Zad', [bob, zed], 'unknown_person'],
    ['two of a name', 'zed', [zed, inFile(person('zed2', 'Zed', [], 'dev:z'))], 'ambiguous_person'],
    ['somebody of the file', 'bob', [bob, zed, yan], 'person_of_file'],
    ['the last owner', 'Yan', [zed, yan], 'last_owner'],
  ] as const)('%s does not work', (_whom, word, members, refusal) =>
    expect(why(judgeRevoke(word, members))).toBe(refusal),
  );
});

test('a number becomes somebody who may have one more, when it is nobody and wants to be written to', () => {
  const phone = 'sms:+491701234567';
  const own = { phone, person: bob.person, members: [bob, zed], figures: { own: 0, waiting: 0 } };
  const whyNot = (more: object): string => {
    const refusal = judgePhone({ ...own, ...more });
    return why(refusal === undefined ? { ok: true } : { ok: false, refusal });
  };
  expect(whyNot({})).toBe('yes');
  expect(whyNot({ figures: { own: CODES_MAX, waiting: 0 } })).toBe('codes_spent');
  expect(whyNot({ phone: 'telegram:99' })).toBe('already_known');
  expect(whyNot({ unwanted: true })).toBe('texts_unwanted');
  const many = { ...bob.person, identities: Array.from({ length: IDENTITIES_MAX }, (_, n) => `dev:${n}`) };
  expect(whyNot({ person: many })).toBe('too_many_identities');
});

test('a name is one short line with nothing hidden in it', () => {
  expect(cleanName(' Zed\n\t Miller ')).toBe('Zed Miller');
  expect(cleanName('Z\u202Ee\u200Bd')).toBe('Zed');
  expect(cleanName('😀'.repeat(70))).toBe('😀'.repeat(60));
  expect(cleanName(' \n')).toBeUndefined();
});

test('every refusal of these rules was met above', () => {
  const elsewhere = ['private_only', 'owner_needed', 'too_many_waiting', 'no_texts'];
  expect([...refusals, ...elsewhere].toSorted()).toEqual([...PEOPLE_REFUSALS].toSorted());
});
