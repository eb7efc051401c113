/** Whatever keeps the program of an installation running. */
export interface Runner {
  readonly kind: 'systemd' | 'process';
  /** Starts what `current` names. Resolves when it was started, which is not when it is ready. */
  start(): Promise<void>;
  /** Resolves when nothing of it runs any more. Nothing running is fine. */
  stop(): Promise<void>;
  isAlive(): Promise<boolean>;
  /** The newest lines of what it said. */
  lines(count: number): Promise<readonly string[]>;
}
