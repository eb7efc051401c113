/** Something that was started and can be asked to end. `stop` resolves when it is really over; twice is harmless. */
export interface Running {
  stop(): Promise<void>;
}
