import type { EventText } from '../runs/event.ts';
import type { LiveRun } from '../runs/run.ts';
import type { PublishedSeal, Seal, SealHead } from '../runs/seal.ts';
import type { Instant } from '../time/instant.ts';

/** The history as whoever seals, verifies or exports it reads it: everything, in order, page by page. */
export interface IHistory {
  /** Rows of runs by id, behind `after`. */
  rows(after: string, limit: number): Promise<readonly ChainRow[]>;
  /** The row of a run, or of the chain `system`. */
  row(chain: string): Promise<ChainRow | undefined>;
  /** Events behind one of a chain, up to and with the last chain named, in the order of the primary key. */
  events(from: EventPlace, upTo: string | undefined, limit: number): Promise<readonly EventRow[]>;
  /** When the newest event of each run was, by id, behind `after`. */
  ends(after: string, limit: number): Promise<readonly { readonly chain: string; readonly at: Instant }[]>;
  /** What seals say about the chains behind `after`, up to and with the last one named; by chain and `seq`. */
  headsOf(after: string, upTo: string | undefined): Promise<readonly SealedHead[]>;
  headsOfChain(chain: string): Promise<readonly SealedHead[]>;
  /** What these seals say, in no particular order. */
  headsOfSeals(from: number, upTo: number): Promise<readonly SealedHead[]>;
  /** Seals by number, behind `after`. */
  seals(after: number, limit: number): Promise<readonly Seal[]>;
  /**
   * The newest seal, and chains behind `after` that have grown since theirs, by name. The seal is read first: whoever
   * seals on top of an older look finds the number taken.
   */
  look(after: string, limit: number): Promise<SealLook>;
  /** `taken`: there is a seal of this number already, and nothing was written. */
  append(seal: Seal, heads: readonly SealHead[]): Promise<'appended' | 'taken'>;
  /** What keeps the program, and whoever has its rights, from editing the history. */
  guards(): Promise<HistoryGuards>;
}

export interface HistoryGuards {
  /** Triggers that somebody has taken down. */
  readonly missing: readonly string[];
  /** Who of ours could take them down; absent when nobody could. */
  readonly editor?: string;
}

export interface EventPlace {
  readonly chain: string;
  readonly seq: number;
}

export interface EventRow extends EventText {
  readonly hash: string;
}

export interface SealedHead extends SealHead {
  /** The number of the seal that names it. */
  readonly seal: number;
}

/** What the database says about a chain beside its events. */
export interface ChainRow {
  readonly chain: string;
  /** The number of the newest event and its hash. */
  readonly seq: number;
  readonly hash: string;
  /** How far it is sealed. */
  readonly sealedSeq: number;
  /** Absent for the chain `system`; `unreadable` when somebody put something there that is no state. */
  readonly state?: LiveRun | 'unreadable';
  /** A column may say something else than the state; which, `IRunRepository.misfits` finds out. */
  readonly suspect: boolean;
}

export interface SealLook {
  readonly newest: Seal | undefined;
  readonly grown: readonly GrownChain[];
}

/** A chain with events that no seal covers. */
export interface GrownChain extends SealHead {
  readonly sealedSeq: number;
  /** The hash that the event itself carries; absent when there is no such event. */
  readonly eventHash?: string;
  /** As far as the newest seal that names it. */
  readonly lastSealed: number;
}

/** The private half of the key stays where this is made. */
export interface ISealSigner {
  /** Ed25519, 32 bytes, hex. */
  readonly key: string;
  /** Hex. */
  sign(text: string): string;
}

export type VerifySignature = (key: string, text: string, signature: string) => boolean;

/** The file of published seals. Lines are only ever added. */
export interface ISealFile {
  /** For words to people. */
  readonly name: string;
  last(): Promise<PublishedSeal | undefined>;
  /** Whether a line was signed with this key. */
  knows(key: string): Promise<boolean>;
  append(seals: readonly Seal[]): Promise<void>;
}
