/** A connection that was never made; whatever fails later may have had its effect. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a call failed before anything of it left this machine. */
export const neverSent = (error: unknown): boolean => {
  const code = networkCode(error);
  return BEFORE_SENDING.has(code) || /^(CERT_|ERR_TLS_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/.test(code);
};

/** The most telling name along the chain of causes; names only, never messages. */
export const networkCode = (error: unknown): string => {
  let found = 'unknown';
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
    found = cause.name;
    // Some clients keep what happened under a name of their own.
    cause = 'error' in cause ? cause.error : cause.cause;
  }
  return found;
};
