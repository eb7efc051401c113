/** Every no to a wish about people. `why` is the stable code; words come from `text/people-words.ts`. */
export type PeopleRefusal =
  /** A code in a group is everybody's. */
  | { readonly why: 'private_only' }
  | { readonly why: 'owner_needed' }
  | { readonly why: 'codes_spent' }
  | { readonly why: 'too_many_waiting' }
  /** Unknown, used, too old, or good for something else: which of them is nobody's business. */
  | { readonly why: 'code_void' }
  /** There is no channel for text messages. */
  | { readonly why: 'no_texts' }
  /** Whoever has that number wants no messages. */
  | { readonly why: 'texts_unwanted'; readonly identity: string }
  | { readonly why: 'role_missing' }
  | { readonly why: 'unknown_role'; readonly role: string; readonly near?: string }
  /** The account is somebody's already. */
  | { readonly why: 'already_known'; readonly identity: string; readonly name: string }
  /** Cards name people, so two of the same name could be taken for one another. */
  | { readonly why: 'name_taken'; readonly name: string }
  | { readonly why: 'too_many_identities'; readonly max: number }
  | { readonly why: 'unknown_identity'; readonly identity: string }
  | { readonly why: 'identity_of_file'; readonly identity: string }
  | { readonly why: 'last_identity'; readonly identity: string }
  | { readonly why: 'unknown_person'; readonly word: string; readonly near?: string }
  | { readonly why: 'ambiguous_person'; readonly word: string; readonly ids: readonly string[] }
  | { readonly why: 'person_of_file'; readonly name: string }
  | { readonly why: 'last_owner'; readonly name: string };

export const PEOPLE_REFUSALS: readonly PeopleRefusal['why'][] = [
  'private_only',
  'owner_needed',
  'codes_spent',
  'too_many_waiting',
  'code_void',
  'no_texts',
  'texts_unwanted',
  'role_missing',
  'unknown_role',
  'already_known',
  'name_taken',
  'too_many_identities',
  'unknown_identity',
  'identity_of_file',
  'last_identity',
  'unknown_person',
  'ambiguous_person',
  'person_of_file',
  'last_owner',
];
