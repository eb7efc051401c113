/** What a shell or a supervisor learns from the exit. A contract: scripts compare with these numbers. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  runFailed: 8,
  runNotDone: 9,
  timedOut: 10,
  badConfiguration: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
