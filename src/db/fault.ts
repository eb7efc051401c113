/** What an error of a database means for us; each dialect has its own words for it. */
export type Fault = 'busy' | 'unique' | 'serialization' | 'connection' | 'full' | 'other';

/** The database could not do it, and trying again for a while did not help. */
export class StoreFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, cause: unknown) {
    super(`${SENTENCES[fault]} ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StoreFault';
    this.fault = fault;
  }
}

/** The same trouble, in our words. */
export const asFault = (error: unknown, classify: (error: unknown) => Fault): StoreFault =>
  error instanceof StoreFault ? error : new StoreFault(classify(error), error);

/** The connection was lost while COMMIT was under way: it may have happened or not. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('The connection was lost during COMMIT.', { cause });
    this.name = 'CommitUnknown';
  }
}

const SENTENCES: Readonly<Record<Fault, string>> = {
  busy: 'The database stayed locked.',
  unique: 'The database has such a row already.',
  serialization: 'The database kept undoing the transaction.',
  connection: 'The database cannot be reached.',
  full: 'The disk of the database is full.',
  other: 'The database refused.',
};
