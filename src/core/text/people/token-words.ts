import type { TokenRefusal } from '../../people/token.ts';
import { quoted } from '../cards/run-words.ts';

/** Why no token was made or taken back. */
export const tokenRefusal = (
  refusal: TokenRefusal,
): { readonly why: TokenRefusal['why']; readonly words: string } => ({
  why: refusal.why,
  words: `${wordsOf(refusal)} Nothing changed.`,
});

const wordsOf = (refusal: TokenRefusal): string => {
  switch (refusal.why) {
    case 'owner_needed':
      return 'Only an owner makes and revokes tokens.';
    case 'bad_token_name':
      return `${quoted(refusal.name)} is no name for a token: 1 to 63 letters, digits, "_", "." and "-", no sign first.`;
    case 'token_name_taken':
      return `There is or was a token called ${refusal.name}, and a name is used once.`;
    case 'token_name_of_person':
      return `${refusal.name} is a person. Make it theirs with --person ${refusal.name}, or take another name.`;
    case 'unknown_role':
      return `Nothing uses the role ${quoted(refusal.role)}.${guess(refusal.near)}`;
    case 'unknown_person':
      return `Nobody is called ${quoted(refusal.word)}.${guess(refusal.near)}`;
    case 'role_not_held':
      return `${refusal.name} does not have the role ${refusal.role}, so no token of theirs can.`;
    case 'bad_expiry':
      return 'A token lives longer than no time and at most ten years.';
    case 'unknown_token':
      return `No token called ${quoted(refusal.name)}.${guess(refusal.near)}`;
    case 'token_revoked':
      return `The token ${refusal.name} is revoked already.`;
  }
};

const guess = (near: string | undefined): string => (near === undefined ? '' : ` Did you mean ${near}?`);

export const createdWords = (name: string, roles: readonly string[], whose: string | undefined): string =>
  `The token ${name} may do what ${whose ?? 'a service'} may as ${roles.join(', ')}. It is shown this once.`;

export const revokedTokenWords = (name: string): string =>
  `The token ${name} is revoked: its next request is refused.`;
