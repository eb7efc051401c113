import { GrammyError, HttpError } from 'grammy';
import type { Delivered } from '../../core/ports/channel.ts';
import type { PollFailure } from '../../core/ports/observe.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { networkCode, neverSent } from '../unreachable.ts';
import { addressOf } from './address.ts';

/** What a failed call means for the message; the last two are tried once more by the sender itself. */
export type Fallout = Delivered | { readonly k: 'as_plain' } | { readonly k: 'to_general' };

/** The table of what Telegram answers, and what then becomes of the message. */
export const falloutOf = (error: unknown, edits: string | undefined): Fallout => {
  if (error instanceof GrammyError) return ofAnswer(error, edits);
  // Nothing left this machine: no attempt, and no other conversation would fare better.
  if (neverSent(error)) return { k: 'pause', ms: RETRIES.sendUnreachable.pauseMsMin, scope: 'all' };
  // An edit that happened twice happened once.
  return { k: 'retry', ambiguous: edits === undefined, reason: describe(error) };
};

const ofAnswer = (error: GrammyError, edits: string | undefined): Fallout => {
  const { error_code, parameters } = error;
  if (parameters.migrate_to_chat_id !== undefined) {
    return { k: 'readdress', to: addressOf({ chatId: parameters.migrate_to_chat_id }) };
  }
  if (error_code === 429) return { k: 'pause', ms: (parameters.retry_after ?? 1) * 1000, scope: 'lane' };
  if (isRevoked(error)) return { k: 'pause', ms: RETRIES.sendRefused.pauseMsMin, scope: 'all' };
  if (error_code === 403) return { k: 'dead', suspend: true, reason: describe(error) };
  if (error_code >= 500) return { k: 'retry', ambiguous: false, reason: describe(error) };
  return ofRefusal(error, edits);
};

const ofRefusal = (error: GrammyError, edits: string | undefined): Fallout => {
  const said = error.description.toLowerCase();
  if (said.includes('message is not modified')) {
    return { k: 'sent', ...(edits === undefined ? {} : { messageId: edits }) };
  }
  if (
    edits !== undefined &&
    /message to edit not found|message can't be edited|no text in the message/.test(said)
  ) {
    return { k: 'resend_new' };
  }
  if (said.includes("can't parse entities")) return { k: 'as_plain' };
  if (/message thread not found|topic_closed|topic_deleted|topic is closed/.test(said))
    return { k: 'to_general' };
  return { k: 'dead', suspend: false, reason: describe(error) };
};

/** 404 is Telegram's answer to a token that it has never seen. */
export const isRevoked = (error: unknown): boolean =>
  error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404);

export const isConflict = (error: unknown): error is GrammyError =>
  error instanceof GrammyError && error.error_code === 409;

/** What a refused poll is counted as. */
export const failureOfCode = (code: number): PollFailure => {
  if (code === 409) return 'conflict_409';
  if (code === 429) return 'flood_429';
  if (code === 401 || code === 404) return 'unauthorized';
  return code >= 500 ? 'server_error' : 'other';
};

/** The client ran out of patience. It says so in words only. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof HttpError && error.error instanceof Error && error.error.message.includes('timed out');

/**
 * One line for logs and tables, built anew: the error objects of the client carry the address of the call, and that
 * contains the token.
 */
export const describe = (error: unknown): string => {
  if (error instanceof GrammyError) return withoutToken(`${error.error_code} ${error.description}`);
  if (error instanceof HttpError) return `no answer from Telegram (${networkCode(error)})`;
  return withoutToken(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
};

export const withoutToken = (text: string): string => text.replaceAll(/\d{6,}:[\w-]{30,}/g, '***');
