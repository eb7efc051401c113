import type { Person } from '../people/person.ts';
import type { Rooms, Spoken } from './messages/heard.ts';

/** An identity counts on its own channel only; the dev door and the terminal share the people of this machine. */
export const isAtHome = ({ channel, from }: Spoken): boolean =>
  from.identity.startsWith(`${LOCAL.has(channel) ? 'dev' : channel}:`);

const LOCAL: ReadonlySet<string> = new Set(['dev', 'terminal', 'chat']);

/** The doors of the dev profile: whoever comes through one of them sits at this very machine. */
export const isOfThisMachine = ({ channel, from }: Pick<Spoken, 'channel' | 'from'>): boolean =>
  LOCAL.has(channel) || (channel === 'web' && from.identity.startsWith('web:dev:'));

/** Who stands behind a message; undefined for somebody that nobody admitted. */
export const writerOf = async (rooms: Rooms, spoken: Spoken): Promise<Person | undefined> =>
  isAtHome(spoken) ? rooms.directory.whoIs(spoken.from.identity) : undefined;
