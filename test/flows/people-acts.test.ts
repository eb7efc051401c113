import { expect } from 'vitest';
import { ACTS, type PeopleAct } from '../../src/core/people/acts.ts';
import type { Person } from '../../src/core/people/person.ts';
import { BUILT_IN_ROLES } from '../../src/core/people/roles.ts';
import { minutes } from '../cast.ts';
import { onEveryStore, type Town } from './town.ts';

/** What somebody writes for it; where the act itself is allowed, nothing else stands in the way of an answer. */
const WORDS: Readonly<Record<PeopleAct, string>> = {
  link: '/link',
  unlink: '/unlink telegram:1',
  admit: '/admit 0000-0000-0000-0 operator',
  revoke: '/revoke somebody-else',
  people: '/people',
  whoami: '/whoami',
};

const ROLES = [...BUILT_IN_ROLES, 'dba', 'none'] as const;

const people = ROLES.map(
  (role, index): Person => ({
    id: role,
    name: `The ${role}`,
    roles: role === 'none' ? [] : [role],
    identities: [`telegram:${200 + index}`],
  }),
);

const CHATS = ['private', 'group'] as const;
const acts = Object.keys(ACTS) as PeopleAct[];

const says = (town: Town, identity: string, chat: (typeof CHATS)[number], act: PeopleAct) =>
  town
    .chat(chat === 'group' ? 'telegram:-100' : identity)
    .says('zed', WORDS[act], { from: { identity, name: identity }, chat });

/** What the table makes of it: the code of the no that the act alone decides. */
const expected = (act: PeopleAct, role: string, chat: (typeof CHATS)[number]): string | undefined => {
  if (ACTS[act].by === 'owner' && role !== 'owner') return 'owner_needed';
  return ACTS[act].where === 'private' && chat === 'group' ? 'private_only' : undefined;
};

onEveryStore((story) => {
  story(
    'who may do what about people is the table, for every role, act and kind of chat',
    async (town) => {
      for (const { id: role, identities } of people) {
        for (const chat of CHATS) {
          for (const act of acts) {
            const refused = (await says(town, identities[0] ?? '', chat, act))?.refused;
            const byAct = refused === 'owner_needed' || refused === 'private_only' ? refused : undefined;
            expect([role, chat, act, byAct]).toEqual([role, chat, act, expected(act, role, chat)]);
          }
        }
      }
    },
    { people },
  );

  story(
    'a stranger gets a code in private, and whatever else it is, no act and no answer of its own',
    async (town) => {
      const own = town.chat('telegram:99');
      for (const act of acts) {
        town.passes(minutes(60));
        await says(town, 'telegram:99', 'private', act);
        await says(town, 'telegram:99', 'group', act);
        const [told = ''] = await own.hears();
        expect([act, told.startsWith('Give this code')]).toEqual([act, act === 'link']);
        expect([act, told.startsWith('I do not know you yet.')]).toEqual([act, act !== 'link']);
      }
      expect(await town.chat('telegram:-100').hears()).toEqual([]);
      expect((await town.store.runs.history('system')).map(({ type }) => type)).toEqual(['CodeMade']);
    },
    { people },
  );
});
