/** The alphabet of a text message, 160 letters in one message: these it counts once, */
const BASIC = '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,\\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà';
/** and these twice. */
const DOUBLE = '\\^{}\\\\[~\\]|€';

const nearest =
  (strange: RegExp) =>
  (text: string): string =>
    text
      .replaceAll(/[\p{Pd}→]/gu, '-')
      .replaceAll(/[‘’‚`]/g, "'")
      .replaceAll(/[“”„«»]/g, '"')
      .replaceAll('…', '...')
      .replaceAll(/\s+/gu, ' ')
      .replaceAll(strange, (letter) =>
        letter.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(strange, '?'),
      );

/**
 * The same words in letters that count once, as near as it comes: accents fall, dashes, arrows and quotes become plain.
 */
export const gsm = nearest(new RegExp(`[^${BASIC}]`, 'gu'));

/** The same in the whole alphabet. */
export const gsmWhole = nearest(new RegExp(`[^${BASIC}${DOUBLE}]`, 'gu'));

/** How much of a message these words take up, which are in that alphabet. */
export const septets = (text: string): number => text.length + (text.match(DOUBLES)?.length ?? 0);

const DOUBLES = new RegExp(`[${DOUBLE}]`, 'gu');
