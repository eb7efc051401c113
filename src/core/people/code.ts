import { drawn, readLetters } from '../text/grammar/crockford.ts';
import type { Instant } from '../time/instant.ts';

/** Thirteen letters of five bits each: 65 bits of chance, still short enough to be read out. */
const LENGTH = 13;

/** How long a code waits for whoever it was given to. */
export const CODE_MS = 10 * 60_000;

/** So many codes may one identity ask for in so much time. */
export const CODES_MAX = 5;
export const CODES_SPAN_MS = 60 * 60_000;

/** So many strangers may wait for an owner at the same time; more of them than this is somebody who makes accounts. */
export const WAITING_MAX = 50;

/** `admit`: an owner makes a person of whoever asked for it. `link`: whoever types it becomes the person that
 * asked. `phone`: sent to a number, and good for whoever asked for it only, who has it when the number is theirs.
 * `login`: opens the console in the browser of whoever asked.
 */
export type CodePurpose = 'claim_owner' | 'admit' | 'link' | 'phone' | 'login';

/** A one-time code, as far as it is known without the code itself. */
export interface OneTimeCode {
  readonly codeHash: string;
  readonly purpose: CodePurpose;
  readonly until: Instant;
  readonly used: boolean;
  /** Who asked for it, from where, and under what name; absent for the code of the first start. */
  readonly identity?: string;
  readonly address?: string;
  readonly name?: string;
  /** `link`: who it makes of whoever types it. */
  readonly personId?: string;
}

/** What was asked for of late. */
export interface CodeFigures {
  /** By this identity, within the span. */
  readonly own: number;
  /** Strangers whose code is still good. */
  readonly waiting: number;
}

export const newCode = (chance: () => number): string => drawn(LENGTH, chance);

/** `7F3K-2QMN-9XV4-C`. */
export const shownCode = (code: string): string => code.replaceAll(/.{4}(?=.)/g, '$&-');

/** A code as a person types it, with or without dashes, or undefined when it cannot be one. */
export const readCode = (typed: string): string | undefined => {
  const letters = readLetters(typed.replaceAll(/[\s-]/g, ''));
  return letters?.length === LENGTH ? letters : undefined;
};

/** Short enough to be read off one screen and typed on another; there are few of them, so tries are counted. */
const PHONE_DIGITS = 6;

/** So many wrong ones, and the right one is void as well. */
export const PHONE_TRIES_MAX = 5;

export const newPhoneCode = (chance: () => number): string =>
  String(Math.floor(chance() * 10 ** PHONE_DIGITS)).padStart(PHONE_DIGITS, '0');

export const readPhoneCode = (typed: string): string | undefined => {
  const digits = typed.replaceAll(/[\s-]/g, '');
  return new RegExp(`^\\d{${PHONE_DIGITS}}$`).test(digits) ? digits : undefined;
};

/** What is hashed: the code of one account means nothing for another. */
export const boundCode = (code: string, identity: string): string => `phone ${identity} ${code}`;

/** Whether it may still be used for this, at this moment. */
export const isGood = (code: OneTimeCode | undefined, purpose: CodePurpose, at: Instant): boolean =>
  code !== undefined && code.purpose === purpose && !code.used && at < code.until;
