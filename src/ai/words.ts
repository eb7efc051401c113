// The vocabulary of the loose reader. What is in none of these lists is not understood, and that is meant so.

const setOf = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '));

export const RUN_WORDS = setOf('run start launch execute trigger begin do make perform rerun');

export const COURTESIES = setOf(
  'please pls plz kindly hi hello hey bot textops thanks thank',
  "can could would will you we i me my us our i'd we'd let's for the a an this it",
  'job jobs task script command now again today asap right away quickly once just',
  'like want need to go ahead and new fresh another',
);

/** Whoever says one of these wants something else than a request, or not this one, or not yet. */
export const FORBIDDEN = setOf(
  'yes no yep nope ok okay approve approved approves approval deny denied denies decline reject accept confirm allow permit',
  'resume recover cancel drop stop abort kill end quit halt pause unpause hold wait undo revoke admit link unlink unaccept gate gates open',
  'close freeze unfreeze switch schedule delete remove grant override skip bypass ignore replay deadletters claim',
  "not don't dont never cannot can't cant won't wont shouldn't shouldnt without except instead nothing neither nor",
  'if unless until when after before later tomorrow only or but why whether',
);
