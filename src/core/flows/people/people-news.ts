import type { PeopleRefusal } from '../../people/refusal.ts';
import type { House } from '../../ports/ambient.ts';
import { type Draft, PRIORITY } from '../../text/grammar/draft.ts';
import { explainPeople } from '../../text/people/people-words.ts';
import type { Amendment } from '../runs/amend.ts';

/** A no about people, as what comes of the wish: one sentence, and nothing changed. */
export const refusedPeople = (refusal: PeopleRefusal): Amendment => ({
  said: { lines: [[explainPeople(refusal)]] },
  refused: refusal.why,
});

export const tell = (address: string, key: string, words: string): Draft => ({
  key,
  address,
  priority: PRIORITY.prompt,
  content: { kind: 'note', note: { lines: [[words]], actions: [] }, plain: words },
});

export interface News {
  readonly key: string;
  readonly identities: readonly string[];
  /** Where it is told too, whatever accounts there are. */
  readonly address?: string;
  readonly words: string;
}

/**
 * Tells a person on all of these accounts. Only where a private chat goes by the account's own name, as on Telegram, is
 * there an address to tell it to.
 */
export const newsFor = (
  house: Pick<House, 'channels'>,
  { key, identities, address, words }: News,
): readonly Draft[] => {
  const spoken = new Set(house.channels().map(({ channel }) => channel));
  const reachable = identities.filter((identity) => spoken.has(identity.slice(0, identity.indexOf(':'))));
  const addresses = new Set([...(address === undefined ? [] : [address]), ...reachable]);
  return [...addresses].map((one) => tell(one, key, words));
};
