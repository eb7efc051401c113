import { randomBytes } from 'node:crypto';
import type { DatabaseSettings } from '../config/settings.ts';
import type { Rooms } from '../core/flows/messages/heard.ts';
import { furnish } from '../program/house.ts';
import type { CliContext } from './context.ts';
import { withDatabase } from './database.ts';
import { packageVersion } from './versions.ts';

/** The rules on the database, for a command that changes something: no door, no loop, nothing is sent from here. */
export const withRooms = <T>(context: CliContext, work: (rooms: Rooms) => Promise<T>): Promise<T> =>
  roomsOn(context, context.settings().database, work);

/** The same on a database that is not the one of the settings. */
export const roomsOn = async <T>(
  { settings }: CliContext,
  database: DatabaseSettings,
  work: (rooms: Rooms) => Promise<T>,
): Promise<T> => {
  const { profile, leaseMs } = settings();
  const version = await packageVersion();
  return withDatabase(database, async (store) =>
    work(
      furnish({
        store,
        profile,
        version,
        leaseMs,
        // Buttons get their tokens from the process that sends them.
        buttonToken: () => randomBytes(12).toString('base64url'),
        // Only the program's own test is asked for from here, and there are no files behind it.
        fingerprint: ({ kind }) =>
          kind === 'demo'
            ? Promise.resolve({})
            : Promise.reject(new Error('nothing else is started from here')),
        observe: () => undefined,
        // What is said is shown where the run was asked for, by the process that has the doors.
        cards: (address) => !address.startsWith('dev:') && !address.startsWith('http:'),
        channels: () => [],
        startedAt: await store.now(),
      }),
    ),
  );
};
