import { expect } from 'vitest';
import { signIn, signInOf } from '../../src/core/flows/people/sign-in.ts';
import { minutes } from '../cast.ts';
import { recorded, withOwners } from './codes.ts';
import { onEveryStore, type Town } from './town.ts';

const withConsole = { ...withOwners, console: 'https://ops.example' } as const;

const codeOf = async (town: Town): Promise<string> => {
  await town.chat('telegram:41').says('ana', '/login');
  const [told = ''] = await town.chat('telegram:41').hears();
  return /^https:\/\/ops\.example\/login\?code=([0-9A-Z]{13})$/m.exec(told)?.[1] ?? '';
};

onEveryStore((story) => {
  story(
    'a link from the chat opens the console as the person who asked, once',
    async (town) => {
      const code = await codeOf(town);
      expect(await signInOf(town.rooms, code)).toMatchObject({
        person: { id: 'ana' },
        identity: 'telegram:41',
      });
      expect(await signIn(town.rooms, code)).toBe('web:telegram:41');
      expect(await signIn(town.rooms, code)).toBeUndefined();
      expect(await signInOf(town.rooms, code)).toBeUndefined();
      expect(await recorded(town)).toEqual(['CodeMade', 'SignedIn']);
      expect(await town.rooms.directory.whoIs('web:telegram:41')).toMatchObject({ id: 'ana' });
    },
    withConsole,
  );

  story(
    'a link of somebody who was revoked, or that is five minutes old, opens nothing',
    async (town) => {
      const late = await codeOf(town);
      town.passes(minutes(5));
      expect(await signIn(town.rooms, late)).toBeUndefined();
      const code = await codeOf(town);
      await town.admits([]);
      expect(await signIn(town.rooms, code)).toBeUndefined();
    },
    withConsole,
  );

  story(
    'where others read along, or a number could be forged, there is no link',
    async (town) => {
      const group = await town.chat('telegram:-100').says('ana', '/login');
      expect(group?.refused).toBe('private_only');
      const phone = 'sms:+491701234561';
      await town.admits([{ id: 'ana', name: 'Ana', roles: ['operator'], identities: [phone] }]);
      const text = await town.chat(phone).says('ana', 'login');
      expect(text?.refusal).toMatchObject({ reason: 'not_by_sms' });
      expect(await recorded(town)).not.toContain('CodeMade');
    },
    withConsole,
  );

  story(
    'nobody gets a link to a console of which nobody knows the address',
    async (town) => {
      const handled = await town.chat('telegram:41').says('ana', '/login');
      expect(handled?.refused).toBe('no_console');
    },
    withOwners,
  );

  story(
    'more links than five an hour are for nobody',
    async (town) => {
      for (let asked = 1; asked <= 5; asked += 1) expect(await codeOf(town)).not.toBe('');
      const more = await town.chat('telegram:41').says('ana', '/login');
      expect(more?.refused).toBe('codes_spent');
    },
    withConsole,
  );
});
