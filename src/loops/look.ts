import { setTimeout as sleep } from 'node:timers/promises';

/** Longer nobody who asks how things are should wait. */
export const CHECK_MS = 1000;
export const CACHE_MS = 2000;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** A check that hangs is a check that failed. What a driver says may name hosts and users, so only its code is told. */
export const checked = async <T>(check: Promise<T>): Promise<Checked<T>> => {
  const over = new AbortController();
  const late = sleep(CHECK_MS, 'late' as const, { signal: over.signal, ref: false }).catch(
    () => 'late' as const,
  );
  const asked = check.then(
    (value): Checked<T> => ({ ok: true, value }),
    (error: unknown): Checked<T> => ({ ok: false, reason: codeOf(error) }),
  );
  const first = await Promise.race([asked, late]);
  over.abort();
  return first === 'late' ? { ok: false, reason: `no answer in ${CHECK_MS / 1000} s` } : first;
};

const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[\w]{1,40}$/.test(code) ? code : 'failed';
};

/** Monitors may ask as often as they like; the database is asked every two seconds at most, and by one at a time. */
export const cached = <T>(look: () => Promise<T>, clock: () => number): (() => Promise<T>) => {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    const now = clock();
    if (kept === undefined || now >= kept.until) kept = { value: look(), until: now + CACHE_MS };
    return kept.value;
  };
};
