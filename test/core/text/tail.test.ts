import { describe, expect, test } from 'vitest';
import { tailForChat } from '../../../src/core/text/cards/output-lines.ts';

describe('the end of an output in a chat', () => {
  test('is at most ten lines', () =>
    expect(tailForChat(Array.from({ length: 12 }, (_, at) => `line ${at}`))).toEqual(
      Array.from({ length: 10 }, (_, at) => `line ${at + 2}`),
    ));
  test('and at most 900 characters, the newest ones', () => {
    expect(tailForChat(['a'.repeat(500), 'b'.repeat(500)])).toEqual(['b'.repeat(500)]);
    expect(tailForChat(['c'.repeat(2000)])).toEqual(['c'.repeat(900)]);
  });
});
