export type Redact = (text: string) => string;

/** Takes secrets out of text: the known ones by their value, the others by what they look like. */
export const redactor = (secrets: readonly string[]): Redact => {
  const values = secrets
    .filter((secret) => secret.length >= SECRET_CHARS_MIN)
    .flatMap(formsOf)
    // A secret may contain another one, and the longer one has to go first.
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    const known = values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
    // Nearly every text is harmless, and one look tells.
    if (!TRACES.test(known)) return known;
    return SHAPES.reduce((masked, { shape, instead }) => masked.replaceAll(shape, instead), known);
  };
};

const MASK = '[redacted]';

/** Shorter values are words of everyday text; masking those would make every line unreadable. */
const SECRET_CHARS_MIN = 4;

/** As it is, in an address, in a form, inside JSON and, where nothing stands before it, in base64. */
const formsOf = (secret: string): readonly string[] => [
  ...new Set([
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice('='.length),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ]),
];

const SHAPES: readonly { readonly shape: RegExp; readonly instead: string }[] = [
  // Telegram bots.
  { shape: /\d{6,}:[A-Za-z0-9_-]{30,}/g, instead: MASK },
  // Slack.
  { shape: /\b(?:xox[a-z]|xapp)-[A-Za-z0-9-]{6,}/g, instead: MASK },
  // Twilio accounts and keys.
  { shape: /\b(?:AC|SK)[0-9a-f]{32}\b/g, instead: MASK },
  // Tokens of ours.
  { shape: /\btxo_[A-Za-z0-9_-]{20,}/g, instead: MASK },
  // JSON web tokens.
  { shape: /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/g, instead: MASK },
  { shape: /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, instead: `$1 ${MASK}` },
  // The name and password in an address, which end at its last "@".
  { shape: /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/]+@/gi, instead: `$1${MASK}@` },
];

/** Something that every shape contains. */
const TRACES = /\d{6}:|xox|xapp-|AC[0-9a-f]{32}|SK[0-9a-f]{32}|txo_|eyJ|bearer|basic|:\/\//i;
