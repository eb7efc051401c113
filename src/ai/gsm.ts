/** The basic alphabet of a text message: one septet each, 160 in one message. What it counts twice is not in here. */
const STRANGE = /[^@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]/gu;

/** The same words in that alphabet, as near as it comes: accents fall, dashes, arrows and quotes become plain. */
export const gsm = (text: string): string =>
  text
    .replaceAll(/[\p{Pd}→]/gu, '-')
    .replaceAll(/[‘’‚`]/g, "'")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll('…', '...')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(STRANGE, (letter) =>
      letter.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(STRANGE, '?'),
    );
