import type { CodeFigures, OneTimeCode } from '../people/code.ts';
import type { Member } from '../people/member.ts';
import type { Person } from '../people/person.ts';
import type { StoredEvent } from '../runs/event.ts';
import type { Instant } from '../time/instant.ts';

export interface IPeople {
  find(identity: string): Promise<Person | undefined>;
  list(): Promise<readonly Person[]>;
  /** Those with one of these ids or one of these roles, by id, at most `limit`; the others are not read. */
  holding(p: {
    readonly ids: readonly string[];
    readonly roles: readonly string[];
    readonly limit: number;
  }): Promise<readonly Person[]>;
  /** The same people, with where they and their identities come from. */
  members(): Promise<readonly Member[]>;
  /**
   * Makes these the people of the file, with the records of what that takes from others; those admitted in chat stay beside
   * them, and so does what people of the file linked in chat. With `records`, `stale_version` means that somebody else wrote
   * one first, and nothing was changed.
   */
  replaceFilePeople(
    people: readonly Person[],
    at: Instant,
    records?: { readonly expectedSeq: number; readonly events: readonly StoredEvent[] },
  ): Promise<'replaced' | 'stale_version'>;
  /** A one-time code by its SHA-256, used and old ones too, for as long as they are kept. */
  code(codeHash: string): Promise<OneTimeCode | undefined>;
  codeFigures(p: {
    readonly identity: string;
    readonly since: Instant;
    readonly at: Instant;
  }): Promise<CodeFigures>;
  /** A code that nobody asked for in a conversation. */
  addCode(p: {
    readonly codeHash: string;
    readonly purpose: 'claim_owner';
    readonly until: Instant;
    readonly at: Instant;
  }): Promise<void>;
}

/**
 * A change of people, written with its record. Where the file has said something else meanwhile, the file stands, and what
 * cannot be any more is left out.
 */
export type PeopleChange =
  | ({ readonly kind: 'code_made' } & Required<
      Pick<OneTimeCode, 'codeHash' | 'until' | 'identity' | 'address' | 'name'>
    > & { readonly purpose: 'admit' | 'link' | 'phone' | 'login'; readonly personId?: string })
  /** Somebody typed a code for their number that was none: one try less for the right one. */
  | { readonly kind: 'code_missed'; readonly identity: string }
  /** A newer one takes the place of what was sent before. */
  | { readonly kind: 'phone_codes_closed'; readonly identity: string }
  | { readonly kind: 'code_closed'; readonly codeHash: string }
  | { readonly kind: 'person_admitted'; readonly person: Person }
  | { readonly kind: 'identity_linked'; readonly identity: string; readonly personId: string }
  /** Its codes go with it. */
  | { readonly kind: 'identity_unlinked'; readonly identity: string }
  /** With every identity, code and token, and whatever waited for a second owner. */
  | { readonly kind: 'person_revoked'; readonly personId: string };
