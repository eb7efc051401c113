import type { Readable } from 'node:stream';

/** A place to write to: a terminal, a pipe, or an array of a test. */
export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean | undefined;
}

export type Source = Readable & { readonly isTTY?: boolean | undefined };

/** Everything of the process that a command may touch. */
export interface Io {
  /** Without the runtime and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: Source;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told by a command whose work goes on when nobody reads its output any more. */
  readonly outliveReaders?: () => void;
  /** Ends what goes on until somebody ends it (following a log, chatting). */
  readonly signal?: AbortSignal;
}

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly config?: string;
  readonly envFile?: string;
  readonly db?: string;
  readonly server?: string;
  readonly json: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
}
