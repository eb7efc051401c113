import type { Gate } from '../runs/command.ts';
import type { Facts } from '../runs/run.ts';
import type { ButtonToken, ChannelHealth } from './channel.ts';
import type { Fingerprint } from './executor.ts';
import type { ILogReader } from './log.ts';
import type { ICalendar } from './schedules.ts';

/** What core may not fetch for itself: ids, chance, and what only the outside knows. */
export interface Ambient {
  readonly newRunId: () => string;
  /** In [0,1). */
  readonly chance: () => number;
  readonly buttonToken: ButtonToken;
  readonly fingerprint: Fingerprint;
  /** True only when it is certain that the process which lived there is gone; absent where nobody can tell. */
  readonly isGone?: (place: string) => boolean;
  readonly calendar: ICalendar;
}

/** How this installation was set up, as far as the rules ask. */
export interface House {
  readonly profile: 'dev' | 'production';
  /** Shown by `/ops` and `whoami`. */
  readonly version: string;
  /** Whether a channel shows cards (and so hears no plain wording). */
  readonly cards: (address: string) => boolean;
  /** Whether a channel shows files; absent where none does. */
  readonly documents?: (address: string) => boolean;
  /** Whether a conversation is one person's telephone, where every message is one short text; absent where none is. */
  readonly texts?: (address: string) => boolean;
  /** Whether a channel asks for several values at once, in a form; absent where none does. */
  readonly forms?: (address: string) => boolean;
  /** Whether everything about a run stands in one thread below its card; absent where there are no threads. */
  readonly threads?: (address: string) => boolean;
  /** Whether several people read a conversation; absent where nothing is asked by the clock. */
  readonly isGroup?: (address: string) => boolean;
  /** Conditions of a heavy start that only this process can judge (frozen, worker alive). */
  readonly gates: (run: Pick<Facts, 'jobKey' | 'jobVersion'>) => Promise<readonly Gate[]>;
  /** Health of the channels, for `/ops`. */
  readonly channels: () => readonly ChannelHealth[];
  readonly startedAt: number;
  /** Where people open the console, without a slash at the end; undefined as long as nobody knows. */
  readonly console?: () => string | undefined;
  /** What was set and how, for `/ops config`: nothing that is a secret. */
  readonly setUp?: () => readonly (readonly [what: string, how: string])[];
  /** Absent where no log is kept. */
  readonly log?: ILogReader;
  /** Where the installation itself reports trouble, if anywhere. */
  readonly opsChat?: () => string | undefined;
}
