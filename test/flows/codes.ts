import type { Chat } from './chat.ts';
import { owners, residents } from './residents.ts';
import type { Town } from './town.ts';

/** Everybody, with two owners. */
export const withOwners = { people: [...residents, ...owners] } as const;

/** The code in what somebody was told. */
export const codeIn = (heard: readonly string[]): string => {
  const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/.exec(heard.join('\n'))?.[0];
  if (code === undefined) throw new Error(`no code in ${heard.join('\n')}`);
  return code;
};

/** Asks for a code, and reads it. */
export const codeFor = async (
  chat: Chat,
  who: string,
  more: Parameters<Chat['says']>[2] = {},
): Promise<string> => {
  await chat.hears();
  await chat.says(who, '/link', more);
  return codeIn(await chat.hears());
};

/** Zed is let in by Ola. */
export const admitZed = async (town: Town, roles: string): Promise<void> => {
  const code = await codeFor(town.chat('telegram:99'), 'zed');
  const handled = await town.chat('telegram:45').says('ola', `/admit ${code} ${roles}`);
  if (handled?.refused !== undefined) throw new Error(handled.refused);
};

/** What the installation recorded, in order. */
export const recorded = async (town: Town): Promise<readonly string[]> =>
  (await town.store.runs.history('system')).map(({ type }) => type);
