import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  HEAD_BYTES_MAX,
  outputCapture,
  TAIL_BYTES_MAX,
  wholeCharacters,
} from '../../../src/worker/process/output-capture.ts';

const captured = (chunks: readonly Uint8Array[]) => {
  const capture = outputCapture();
  for (const chunk of chunks) capture.write(chunk);
  return capture.finish();
};

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The same bytes in pieces of every awkward size. */
const inPieces = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

describe('captured output', () => {
  test('what fits is the head, and the tail is empty', () => {
    const bytes = Buffer.alloc(HEAD_BYTES_MAX, 'a');
    expect(captured([bytes])).toEqual({
      head: bytes.toString(),
      tail: '',
      bytes: 65_536,
      sha256: sha256(bytes),
    });
  });

  test('head and tail together are everything as long as both have room', () => {
    const bytes = Buffer.from('0123456789'.repeat(20_000));
    const output = captured(inPieces(bytes, 777));
    expect(output.head + output.tail).toBe(bytes.toString());
    expect(output.head).toHaveLength(HEAD_BYTES_MAX);
  });

  test.each([1, 3, 64, 4096, 70_000, 500_000])(
    'first and last are kept, the middle counted, in chunks of %i',
    (size) => {
      const bytes = Buffer.from(Array.from({ length: 400_000 }, (_, i) => 33 + ((i * 7919) % 90)));
      const output = captured(inPieces(bytes, size));
      expect(output.head).toBe(bytes.subarray(0, HEAD_BYTES_MAX).toString());
      expect(output.tail).toBe(bytes.subarray(-TAIL_BYTES_MAX).toString());
      expect(output).toMatchObject({ bytes: 400_000, sha256: sha256(bytes) });
    },
  );

  test.each(['é', '€', '🚀'])('no cut goes through a %s', (character) => {
    for (let shift = 0; shift < 4; shift += 1) {
      const bytes = Buffer.from('x'.repeat(shift) + character.repeat(200_000));
      const output = captured([bytes]);
      expect(output.head + output.tail).not.toContain('\uFFFD');
      expect(output.tail.startsWith(character)).toBe(true);
      expect(output.head.endsWith(character)).toBe(true);
    }
  });

  test('a character over the border of head and tail is moved whole', () => {
    const text = `${'x'.repeat(HEAD_BYTES_MAX - 1)}🚀end`;
    const output = captured([Buffer.from(text)]);
    expect(output.head).toBe('x'.repeat(HEAD_BYTES_MAX - 1));
    expect(output.tail).toBe('🚀end');
  });

  test('invalid bytes and NUL become the replacement character', () => {
    const output = captured([Buffer.from([0x61, 0x00, 0xff, 0xc3, 0x28, 0x62])]);
    expect(output.head).toBe('a\uFFFD\uFFFD\uFFFD(b');
  });
});

describe('whole characters', () => {
  test('a character in two chunks comes out in one piece', () => {
    const characters = wholeCharacters();
    const rocket = Buffer.from('a🚀');
    const first = Buffer.from(characters.push(rocket.subarray(0, 3)));
    expect(first.toString()).toBe('a');
    expect(Buffer.from(characters.push(rocket.subarray(3))).toString()).toBe('🚀');
    expect(characters.flush()).toHaveLength(0);
  });

  test('half a character at the end is not lost', () => {
    const characters = wholeCharacters();
    expect(characters.push(Buffer.from([0xe2, 0x82]))).toHaveLength(0);
    expect([...characters.flush()]).toEqual([0xe2, 0x82]);
  });
});
