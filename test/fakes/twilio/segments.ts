// Written from GSM 03.38 and not from our own table, so that a fault there shows here.

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENSION = new Set('^{}\\[~]|€');

/** How many messages it takes, as the carrier counts and charges. */
export const segmentsOf = (body: string): number => {
  const letters = [...body];
  if (letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter))) {
    const septets = letters.reduce((sum, letter) => sum + (EXTENSION.has(letter) ? 2 : 1), 0);
    return septets <= 160 ? 1 : Math.ceil(septets / 153);
  }
  return body.length <= 70 ? 1 : Math.ceil(body.length / 67);
};
