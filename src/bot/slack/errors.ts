import { z } from 'zod';
import type { Delivered } from '../../core/ports/channel.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { networkCode, neverSent } from '../unreachable.ts';

/** What a failed call means for the message; the last one is tried once more by the sender itself. */
export type Fallout = Delivered | { readonly k: 'as_plain' };

/** The table of what Slack answers, and what then becomes of the message. */
export const falloutOf = (error: unknown, edits: string | undefined): Fallout => {
  const failure = failureOf(error);
  switch (failure.kind) {
    case 'limited':
      return { k: 'pause', ms: failure.retryAfter * 1000, scope: 'lane' };
    case 'failed':
      return { k: 'retry', ambiguous: false, reason: describe(error) };
    case 'refused':
      return ofRefusal(failure.said, edits);
    case 'unanswered':
      // Nothing left this machine: no attempt, and no other conversation would fare better.
      if (neverSent(failure.original))
        return { k: 'pause', ms: RETRIES.sendUnreachable.pauseMsMin, scope: 'all' };
      // An edit that happened twice happened once.
      return { k: 'retry', ambiguous: edits === undefined, reason: describe(error) };
  }
};

const ofRefusal = (said: string, edits: string | undefined): Fallout => {
  if (REVOKED.has(said)) return { k: 'pause', ms: RETRIES.sendRefused.pauseMsMin, scope: 'all' };
  if (said === 'ratelimited' || said === 'rate_limited') return { k: 'pause', ms: 1000, scope: 'lane' };
  // Slack says of these that some of it may have been done.
  if (said === 'internal_error' || said === 'fatal_error') {
    return { k: 'retry', ambiguous: edits === undefined, reason: said };
  }
  if (said === 'service_unavailable' || said === 'request_timeout') {
    return { k: 'retry', ambiguous: false, reason: said };
  }
  if (edits !== undefined && GONE.has(said)) return { k: 'resend_new' };
  if (MALFORMED.has(said)) return { k: 'as_plain' };
  return { k: 'dead', suspend: CLOSED.has(said), reason: said };
};

/** Only a new token helps. */
const REVOKED = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'missing_scope']);

/** The message to edit. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

const MALFORMED = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);

/** Nobody can be reached there until Slack tells otherwise. */
const CLOSED = new Set(['account_inactive', 'is_archived', 'channel_not_found', 'not_in_channel']);

export const isRevoked = (error: unknown): boolean => {
  const failure = failureOf(error);
  return failure.kind === 'refused' && REVOKED.has(failure.said);
};

type Failure =
  | { readonly kind: 'limited'; readonly retryAfter: number }
  | { readonly kind: 'failed'; readonly status: number }
  | { readonly kind: 'refused'; readonly said: string }
  | { readonly kind: 'unanswered'; readonly original: unknown };

/** The classes of the library are not there before it is loaded, but each of its errors names its kind. */
const failureOf = (error: unknown): Failure => {
  const call = known.safeParse(error).data;
  switch (call?.code) {
    case 'slack_webapi_rate_limited_error':
      return { kind: 'limited', retryAfter: call.retryAfter };
    case 'slack_webapi_http_error':
      return { kind: 'failed', status: call.statusCode };
    case 'slack_webapi_platform_error':
      return { kind: 'refused', said: call.data.error };
    case 'slack_webapi_request_error':
      return { kind: 'unanswered', original: call.original };
    case undefined:
      return { kind: 'unanswered', original: error };
  }
};

const known = z.discriminatedUnion('code', [
  z.object({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number() }),
  z.object({ code: z.literal('slack_webapi_http_error'), statusCode: z.number() }),
  z.object({ code: z.literal('slack_webapi_platform_error'), data: z.object({ error: z.string() }) }),
  z.object({ code: z.literal('slack_webapi_request_error'), original: z.unknown() }),
]);

/** One line for logs and tables, built anew: error objects carry the whole answer. */
export const describe = (error: unknown): string => {
  const failure = failureOf(error);
  switch (failure.kind) {
    case 'limited':
      return 'Slack asked for a pause';
    case 'failed':
      return `Slack answered ${failure.status}`;
    case 'refused':
      return failure.said;
    case 'unanswered':
      return `no answer from Slack (${networkCode(failure.original)})`;
  }
};
