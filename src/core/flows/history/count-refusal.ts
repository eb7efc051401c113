import type { Refused } from '../../people/refused.ts';
import type { Upkeep } from '../../ports/upkeep.ts';

/** Counted in the commit that marks the message, so that each is counted once. */
export const counted = (refused: Refused | undefined): { readonly upkeep?: readonly Upkeep[] } =>
  refused === undefined ? {} : { upkeep: [{ kind: 'refusal_counted', refused, times: 1 }] };
