import type { Delivered } from '../../core/ports/channel.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { networkCode, neverSent } from '../unreachable.ts';
import { Throttled } from './client.ts';
import { OPTED_OUT } from './inbound.ts';

/** Numbers to which nothing will ever arrive: not one, not a mobile one, not one that takes texts. */
const NO_SUCH_NUMBER: readonly (number | undefined)[] = [21_211, 21_214, 21_217, 21_614];

/** Too many requests of this account at once; other numbers would fare no better. */
const ACCOUNT_THROTTLED = 20_429;

/** The table of what Twilio answers, and what then becomes of the message. */
export const falloutOf = (error: unknown): Delivered => {
  if (error instanceof Throttled) {
    const scope = error.code === undefined || error.code === ACCOUNT_THROTTLED ? 'all' : 'lane';
    return { k: 'pause', ms: error.retryAfterMs, scope };
  }
  const answer = answerOf(error);
  if (answer !== undefined) return ofAnswer(answer, describe(error));
  // Nothing left this machine: no attempt, and no other conversation would fare better.
  if (neverSent(error)) return { k: 'pause', ms: RETRIES.sendUnreachable.pauseMsMin, scope: 'all' };
  return { k: 'retry', ambiguous: true, reason: describe(error) };
};

interface Answer {
  readonly status: number;
  /** Twilio's number for what is wrong. */
  readonly code: number | undefined;
}

/** The library's error for an answer that is no success; anything else that it throws never was an answer. */
const answerOf = (error: unknown): Answer | undefined => {
  if (!(error instanceof Error && 'status' in error && typeof error.status === 'number')) return undefined;
  return {
    status: error.status,
    code: 'code' in error && typeof error.code === 'number' ? error.code : undefined,
  };
};

const ofAnswer = ({ status, code }: Answer, reason: string): Delivered => {
  if (isRefusal({ status, code })) return { k: 'pause', ms: RETRIES.sendRefused.pauseMsMin, scope: 'all' };
  if (status >= 500) return { k: 'retry', ambiguous: false, reason };
  if (code === OPTED_OUT) return { k: 'dead', suspend: true, reason, optedOut: true };
  return { k: 'dead', suspend: NO_SUCH_NUMBER.includes(code), reason };
};

/** A token that is wrong, an account that is closed or suspended. */
const isRefusal = ({ status, code }: Answer): boolean => status === 401 || code === 20_003 || code === 20_005;

export const isRefused = (error: unknown): boolean => {
  const answer = answerOf(error);
  return answer !== undefined && isRefusal(answer);
};

/** One line for logs and tables. What Twilio says may contain the number; its own number for it says as much. */
export const describe = (error: unknown): string => {
  const answer = answerOf(error);
  if (answer === undefined) return `no answer from Twilio (${networkCode(error)})`;
  return `Twilio answered ${answer.status}${answer.code === undefined ? '' : ` (${answer.code})`}`;
};
