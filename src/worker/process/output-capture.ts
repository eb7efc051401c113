import { createHash } from 'node:crypto';
import type { CapturedOutput } from '../../core/ports/executor.ts';

export const HEAD_BYTES_MAX = 64 * 1024;
export const TAIL_BYTES_MAX = 192 * 1024;

export interface OutputCapture {
  readonly write: (chunk: Uint8Array) => void;
  readonly finish: () => CapturedOutput;
}

/** Keeps the beginning and the end of an output of any size; counts and hashes all of it. */
export const outputCapture = (): OutputCapture => {
  const hash = createHash('sha256');
  const head = Buffer.alloc(HEAD_BYTES_MAX);
  let headLength = 0;
  let bytes = 0;
  let tail: Ring | undefined;
  const overflow = (rest: Uint8Array) => {
    if (tail === undefined) {
      tail = ring(TAIL_BYTES_MAX);
      const cut = wholeLength(head.subarray(0, headLength));
      tail.push(head.subarray(cut, headLength));
      headLength = cut;
    }
    tail.push(rest);
  };
  return {
    write: (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      const fits = tail === undefined ? Math.min(chunk.length, HEAD_BYTES_MAX - headLength) : 0;
      head.set(chunk.subarray(0, fits), headLength);
      headLength += fits;
      if (fits < chunk.length) overflow(chunk.subarray(fits));
    },
    finish: () => ({
      head: storable(head.subarray(0, headLength)),
      tail: tail === undefined ? '' : storable(tail.read()),
      bytes,
      sha256: hash.digest('hex'),
    }),
  };
};

/** An output of which nothing was written. */
export const noOutput = (): CapturedOutput => outputCapture().finish();

/** Hands on whole UTF-8 characters, so two streams can be merged without cutting each other's characters. */
export const wholeCharacters = () => {
  let held: Uint8Array = new Uint8Array();
  return {
    push: (chunk: Uint8Array): Uint8Array => {
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const whole = wholeLength(all);
      held = Uint8Array.from(all.subarray(whole));
      return all.subarray(0, whole);
    },
    /** What is left when the stream ends in the middle of a character. */
    flush: (): Uint8Array => {
      const rest = held;
      held = new Uint8Array();
      return rest;
    },
  };
};

/** Text as every database stores it: invalid bytes and NUL, which PostgreSQL refuses, become U+FFFD. */
export const storable = (bytes: Uint8Array): string => decoder.decode(bytes).replaceAll('\0', '\uFFFD');

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** How many bytes of the buffer are complete characters; at most three at the end are not. */
const wholeLength = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
};

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

const sequenceLength = (lead: number): number => {
  if (lead >= 0xf8 || lead < 0xc0) return 1;
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
};

interface Ring {
  push(chunk: Uint8Array): void;
  read(): Uint8Array;
}

const ring = (size: number): Ring => {
  const buffer = Buffer.alloc(size);
  let written = 0;
  const put = (chunk: Uint8Array) => {
    const at = written % size;
    const first = Math.min(chunk.length, size - at);
    buffer.set(chunk.subarray(0, first), at);
    buffer.set(chunk.subarray(first), 0);
    written += chunk.length;
  };
  return {
    push: (chunk) => {
      const skipped = Math.max(0, chunk.length - size);
      written += skipped;
      put(chunk.subarray(skipped));
    },
    read: () => {
      if (written <= size) return buffer.subarray(0, written);
      const at = written % size;
      const bytes = Buffer.concat([buffer.subarray(at), buffer.subarray(0, at)]);
      return bytes.subarray(firstWhole(bytes));
    },
  };
};

/** The ring may begin inside a character; its rest is not shown. */
const firstWhole = (bytes: Uint8Array): number => {
  const start = bytes.subarray(0, 3).findIndex((byte) => !isContinuation(byte));
  return start === -1 ? 3 : start;
};
