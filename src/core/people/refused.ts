import type { Refusal } from '../runs/refusal.ts';

/** What the rules answer to somebody who lacks a right. */
const RIGHTS = [
  /** Nobody knows them. */
  'stranger',
  /** No button of ours carries such data. */
  'forged_data',
  /** Of another run, verb or question than it was pressed for, or of one that has moved on: nobody can tell them apart. */
  'wrong_token',
  'code_void',
  'codes_spent',
  /** A code was shown, or asked for, where everybody reads it. */
  'private_only',
  'may_not_see',
  'may_not_request',
  'may_not_decide',
  'may_not_steer',
  'may_not_schedule',
  'may_not_steer_schedule',
  'may_not_handle_dead_letter',
  'requester_cannot_approve',
  'heavy_not_by_sms',
  /** The number that a text comes from can be forged. */
  'not_by_sms',
  'only_people_decide',
  'owner_needed',
  'operator_needed',
  'role_needed',
] as const;

/** What the doors over HTTP find. Some of these words mean less elsewhere: whoever revokes nobody was not kept out. */
const DOORS = [
  'no_token',
  'malformed',
  'unknown_token',
  'bad_token',
  'bad_jwt',
  'bad_signature',
  'unknown_person',
  'issuer_unavailable',
  'permission_needed',
  'loopback_only',
  'foreign_host',
  'foreign_origin',
  'foreign_form',
  'no_such_seat',
  'login_void',
  /** What a newer door calls by a name that is not in this list. */
  'other',
] as const;

/** Why somebody was not let do what they tried. Closed, so that whoever knocks for ever only makes a number grow. */
export const AUTH_REASONS = [...RIGHTS, ...DOORS] as const;

export type AuthReason = (typeof AUTH_REASONS)[number];

/** Messages that nobody certainly wrote just now. */
export const IGNORED_REASONS = [
  'forwarded',
  'edited',
  'via_bot',
  'anonymous',
  'automatic',
  'channel_post',
  'offline',
] as const;

export type IgnoredReason = (typeof IGNORED_REASONS)[number];

/** One attempt that came to nothing, as it is counted. */
export type Refused =
  | { readonly kind: 'auth_refused'; readonly reason: AuthReason }
  | { readonly kind: 'transition_rejected'; readonly reason: Refusal['why'] }
  | { readonly kind: 'message_ignored'; readonly reason: IgnoredReason };

export const isAuthReason = (code: string): code is AuthReason =>
  (AUTH_REASONS as readonly string[]).includes(code);

/** Every no of the rules is counted: as missing a right, or as coming at the wrong time. */
export const refusedByRules = (why: Refusal['why']): Refused =>
  isAuthReason(why) ? noRight(why) : { kind: 'transition_rejected', reason: why };

/** Of wishes about people, gates and the like only those that somebody had no right to; the others were badly written. */
export const refusedWish = (code: string): Refused | undefined => {
  const reason = RIGHTS.find((one) => one === code);
  return reason === undefined ? undefined : noRight(reason);
};

export const noRight = (reason: AuthReason): Refused => ({ kind: 'auth_refused', reason });

/** Talk that is not for us is nobody's attempt. */
export const ignoredAs = (code: string): Refused | undefined => {
  const reason = IGNORED_REASONS.find((one) => one === code);
  return reason === undefined ? undefined : { kind: 'message_ignored', reason };
};
