import fc from 'fast-check';

/** Text of any characters at all, halves of pairs included. Built here, because the library lists them all first, for seconds. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0x10_ff_ff }), fc.integer({ min: 0, max: 0xff })), {
      maxLength,
    })
    .map((codes) => String.fromCodePoint(...codes));
