import { noticeCalled } from '../../people/consent.ts';
import type { Person } from '../../people/person.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import { noSuchNotice, type Prefs, prefsLines, prefsText } from '../../text/people/prefs-words.ts';
import {
  asText,
  type Handled,
  type Heard,
  type Rooms,
  readerOf,
  type Said,
  type Text,
} from '../messages/heard.ts';
import { type Amendment, amendAndSay, no } from '../runs/amend.ts';

/** `prefs` shows what somebody is told unasked, `prefs results off` changes it; on every channel the same. */
export const changePrefs = (
  rooms: Rooms,
  heard: Heard<Text>,
  { type, change }: Extract<Intent, { type: 'Prefs' }>,
): Promise<Handled> =>
  amendAndSay(rooms, heard, type, async () => {
    const { person, inbound } = heard;
    const prefs = await prefsOf(rooms, heard);
    if (change === undefined) return { said: shown(rooms, heard, prefs) };
    const notice = noticeCalled(change.notice);
    if (notice === undefined) return no('unknown_notice', noSuchNotice(change.notice));
    const others = prefs.muted.filter((one) => one !== notice);
    const muted = change.on ? others : [...others, notice];
    const said = shown(rooms, heard, { ...prefs, muted });
    if (muted.length === prefs.muted.length) return { said };
    const amendment: Amendment = {
      said,
      records: [
        {
          type: 'PreferenceChanged',
          actor: `user:${inbound.from.identity}`,
          payload: { personId: person.id, notice, on: change.on },
        },
      ],
      upkeep: [{ kind: 'mute', personId: person.id, notice, muted: !change.on }],
    };
    return amendment;
  });

const prefsOf = async ({ store }: Rooms, { person, inbound }: Heard): Promise<Prefs> => ({
  muted: (await store.reach.mutes([person.id])).get(person.id) ?? [],
  consents: inbound.chat === 'private' ? await consentsOf({ store }, person) : [],
});

const consentsOf = ({ store }: Pick<Rooms, 'store'>, { identities }: Person) =>
  store.reach.consents(identities);

const shown = (rooms: Rooms, heard: Heard, prefs: Prefs): Said => ({
  lines: prefsLines(prefs),
  ...asText(readerOf(rooms, heard) && prefsText(prefs)),
});
