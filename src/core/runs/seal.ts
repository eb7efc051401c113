import { type Instant, isoOf } from '../time/instant.ts';
import { canonical } from './canonical.ts';
import { GENESIS } from './chain.ts';
import { sha256Hex } from './hash.ts';

/** How far a chain had come: the number of its newest event and the hash of it. */
export interface SealHead {
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
}

/** A signed checkpoint: everything up to here was so at that time. Seals are numbered from 1 and chained like events. */
export interface Seal {
  readonly number: number;
  readonly at: Instant;
  /** The hash of the seal before. */
  readonly previous: string;
  /** How many events it covers that no seal before it did. */
  readonly events: number;
  /** A hash over the heads of every chain that has grown since the seal before. */
  readonly heads: string;
  /** The public key (Ed25519, 32 bytes, hex) that the signature is made with; it may change from seal to seal. */
  readonly key: string;
  readonly hash: string;
  /** Of the hash, as text; hex. */
  readonly signature: string;
}

export type Unsigned = Omit<Seal, 'signature'>;

/** The seal that follows, still to be signed. `heads` come in the order of `inOrder`. */
export const nextSeal = (
  before: Pick<Seal, 'number' | 'hash'> | undefined,
  part: {
    readonly at: Instant;
    readonly events: number;
    readonly heads: readonly SealHead[];
    readonly key: string;
  },
): Unsigned => {
  const { number, hash: previous } = before ?? { number: 0, hash: GENESIS };
  const seal = { ...part, number: number + 1, previous, heads: headsHash(part.heads) };
  return { ...seal, hash: sealHash(seal) };
};

/** What the signature covers: the seal before it and everything that this one says. */
export const sealHash = ({ previous, at, events, heads, key, number }: Omit<Unsigned, 'hash'>): string =>
  // Its kind keeps it from ever being taken for the link of an event.
  sha256Hex(`${previous}\n${canonical({ kind: 'seal', number, at, events, heads, key })}`);

/** One order everywhere, whatever a database sorts by. */
export const inOrder = <T extends Pick<SealHead, 'chain'>>(heads: readonly T[]): readonly T[] =>
  heads.toSorted((a, b) => (a.chain < b.chain ? -1 : 1));

export const headsHash = (heads: readonly SealHead[]): string =>
  sha256Hex(canonical(heads.map(({ chain, seq, hash }) => [chain, seq, hash])));

/** Short enough to compare by eye. */
export const keyId = (key: string): string => sha256Hex(key).slice(0, 16);

/** A seal as it is published: one line of a file that the administrator of the database does not write to. */
export interface PublishedSeal {
  readonly number: number;
  readonly hash: string;
  /** Absent in a line that somebody copied from a chat. */
  readonly key?: string;
}

export const sealLine = ({ number, hash, at, key, signature }: Seal): string =>
  `${number} ${hash} ${isoOf(at)} ${key} ${signature}`;

export const readSealLine = (line: string): PublishedSeal | undefined => {
  const [, number = '', hash = '', key] = LINE.exec(line) ?? [];
  if (hash === '') return undefined;
  return { number: Number(number), hash, ...(key === undefined ? {} : { key }) };
};

const LINE = /^([1-9]\d{0,14}) ([0-9a-f]{64})(?: \S+ ([0-9a-f]{64}) [0-9a-f]{128})?\s*$/;
