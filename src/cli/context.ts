import type { Settings } from '../config/settings.ts';
import type { Store } from '../core/ports/store.ts';
import { type Configuration, readConfiguration, readSettings } from './configuration.ts';
import { type DatabaseUse, withDatabase } from './database.ts';
import { type Environment, readEnvironment } from './environment.ts';
import type { GlobalFlags, Io } from './voice/io.ts';
import { createVoice, type Voice } from './voice/voice.ts';

/** What a command is given. Nothing is read or opened before a command asks for it. */
export interface CliContext {
  readonly io: Io;
  readonly flags: GlobalFlags;
  readonly voice: Voice;
  readonly environment: () => Environment;
  readonly settings: () => Settings;
  /** Settings and catalog; the command ends with 78 and every problem when something is wrong. */
  readonly configuration: () => Promise<Configuration>;
  /** Opens the database for one piece of work and closes it again. */
  readonly withStore: <T>(work: (store: Store) => Promise<T>, use?: DatabaseUse) => Promise<T>;
}

export const createContext = (io: Io, flags: GlobalFlags): CliContext => {
  const environment = (): Environment => readEnvironment(io, flags);
  const settings = (): Settings => readSettings({ values: environment().values, cwd: io.cwd });
  return {
    io,
    flags,
    voice: createVoice(io, flags),
    environment,
    settings,
    configuration: () =>
      readConfiguration({
        values: environment().values,
        cwd: io.cwd,
        fileNamed: flags.config !== undefined,
      }),
    withStore: async (work, use) => withDatabase(settings().database, work, use),
  };
};
