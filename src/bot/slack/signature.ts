import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request that is older than this, or from so far in the future, may be a replay. */
const WINDOW_MS = 5 * 60_000;

export interface Signed {
  /** As it came, before anybody read it. */
  readonly body: Uint8Array;
  readonly timestamp: string | null;
  readonly signature: string | null;
}

/** Slack's `v0`: a keyed hash over the version, the time and the raw body. */
export const signatureOf = (secret: string, timestamp: string, body: Uint8Array): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`, 'utf8').update(body).digest('hex')}`;

/** Whether Slack sent it just now. Takes as long for a signature that is nearly right as for any other. */
export const isGenuine = ({ body, timestamp, signature }: Signed, secret: string, now: number): boolean => {
  if (timestamp === null || signature === null || !/^\d{9,11}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > WINDOW_MS) return false;
  const expected = Buffer.from(signatureOf(secret, timestamp, body), 'latin1');
  const given = Buffer.from(signature, 'latin1');
  return given.length === expected.length && timingSafeEqual(given, expected);
};
