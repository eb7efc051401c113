import type { Settings } from '../config/settings.ts';
import type { LoadedCatalog } from './configuration.ts';
import type { Io } from './voice/io.ts';

/** What the program is started with; the command line has read and checked it. */
export interface ProgramInput extends Pick<Io, 'cwd' | 'stdin' | 'stdout' | 'stderr'> {
  readonly settings: Settings;
  readonly config: LoadedCatalog;
  /** Where a worker alone answers a monitor; nowhere unless said. */
  readonly metricsPort?: number;
  /** The real environment with `.env` below it; jobs inherit from it what they name. */
  readonly env: Readonly<Record<string, string>>;
}

/** A program that runs; `ended` gives the exit code once it has stopped in order. */
export interface RunningProgram {
  readonly ended: Promise<number>;
}
