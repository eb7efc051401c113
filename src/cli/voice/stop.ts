import { EXIT, type ExitCode } from './exit-codes.ts';

/** Why a command ended without doing what was asked. The code is what scripts compare; the rest is for people. */
export interface Problem {
  readonly code: keyof typeof EXIT_OF;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly runId?: string;
  /** One line each, when there are several of one kind. */
  readonly lines?: readonly string[];
  /** The same for people, where more can be shown than one line each. */
  readonly inFull?: readonly string[];
}

export const EXIT_OF = {
  USAGE: EXIT.usage,
  BAD_CONFIGURATION: EXIT.badConfiguration,
  RUN_NOT_FOUND: EXIT.notFound,
  NOT_FOUND: EXIT.notFound,
  REFUSED: EXIT.refused,
  DATABASE_MISSING: EXIT.failed,
  DATABASE_UNREACHABLE: EXIT.failed,
  SCHEMA_MISMATCH: EXIT.refused,
  SERVER_UNREACHABLE: EXIT.failed,
  FAILED: EXIT.failed,
  TIMED_OUT: EXIT.timedOut,
} as const satisfies Readonly<Record<string, ExitCode>>;

/** Ends a command from any depth; only `runCli` catches it. */
export class Stop extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.message, { cause });
    this.name = 'Stop';
    this.problem = problem;
  }
}
