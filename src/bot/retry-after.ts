/** Providers leave it out sometimes. */
const PAUSE_MS = 1000;

/** Whoever still has to wait then is told so again; a slip of a provider must not silence a conversation for years. */
const PAUSE_MS_MAX = 60 * 60_000;

/** How long a provider asked us to wait, in milliseconds; the header is in seconds. */
export const retryAfterMs = (header: string | null): number => {
  const seconds = Number(header ?? '');
  return seconds > 0 ? Math.min(Math.ceil(seconds * 1000), PAUSE_MS_MAX) : PAUSE_MS;
};
