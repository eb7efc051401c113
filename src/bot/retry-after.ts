/** Providers leave it out sometimes. */
const PAUSE_MS = 1000;

/** How long a provider asked us to wait, in milliseconds; the header is in seconds. */
export const retryAfterMs = (header: string | null): number => {
  const seconds = Number(header ?? '');
  return seconds > 0 ? Math.ceil(seconds * 1000) : PAUSE_MS;
};
