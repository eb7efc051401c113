import type { Consent } from '../../people/consent.ts';
import type { Store } from '../../ports/store.ts';
import type { Line } from '../../text/cards/rich.ts';
import { type Amendment, amend, amendAndSay } from '../runs/amend.ts';
import { type Handled, type Heard, type Rooms, sayOnly, type Text } from './heard.ts';

type Listened = Pick<Heard<Text>, 'inbound' | 'once' | 'at'>;

/**
 * A word that the carrier acts on as well, mirrored here so that nobody is counted on who will not hear us. Undefined:
 * the message is for the grammar too.
 */
export const heedKeyword = async (rooms: Rooms, heard: Listened): Promise<Handled | undefined> => {
  const { keyword, text, from } = heard.inbound;
  const said = { identity: from.identity, words: text.trim(), actor: `user:${from.identity}` };
  switch (keyword) {
    case undefined:
      return undefined;
    case 'stop':
      // The carrier says that it was heard; nobody else may.
      return amendAndSay(rooms, heard, 'OptOut', consents(rooms.store, { ...said, state: 'out' }));
    case 'start':
      // First of all, because what is said where nobody hears is given up at once.
      await amend(rooms.store, consents(rooms.store, { ...said, state: 'in' }));
      return sayOnly(rooms, heard, 'OptIn', { lines: WELCOME_BACK });
    case 'yes': {
      const [now] = await rooms.store.reach.consents([from.identity]);
      if (now?.state === 'out') await amend(rooms.store, consents(rooms.store, { ...said, state: 'in' }));
      return undefined;
    }
  }
};

const WELCOME_BACK: readonly Line[] = [['Texts are on. STOP ends them, MENU shows what I understand.']];

/** Longer than any keyword, and enough to show what was agreed to. */
const WORDS_MAX = 160;

/** Somebody known who writes for the first time has agreed to be answered; the history keeps when, and to which words. */
export const noteOptIn = async (
  { store }: Pick<Rooms, 'store'>,
  { from, text }: Text,
  isSecret: boolean,
): Promise<void> => {
  const { identity } = from;
  if ((await store.reach.consents([identity])).length > 0) return;
  const words = isSecret ? (text.trim().split(/\s/, 1)[0] ?? '') : text.trim();
  const actor = `user:${identity}`;
  await amend(store, consents(store, { identity, words, actor, state: 'in' }));
};

/** The provider says that somebody there wants no messages any more. */
export const noteOptOut = (
  store: Pick<Store, 'now' | 'runs' | 'reach'>,
  identity: string,
): Promise<unknown> => amend(store, consents(store, optedOut(identity)));

export const optedOut = (identity: string): Said => ({
  identity,
  words: 'said by the provider',
  actor: 'system:sender',
  state: 'out',
});

interface Said extends Pick<Consent, 'identity' | 'words' | 'state'> {
  /** As the history names whoever says so. */
  readonly actor: string;
}

/** What comes of somebody's word about messages: a record, the first time that they say so. */
export const consents =
  ({ reach }: Pick<Store, 'reach'>, { identity, words, actor, state }: Said) =>
  async (): Promise<Amendment> => {
    const [now] = await reach.consents([identity]);
    if (now?.state === state) return { said: { lines: [] } };
    const kept = words.slice(0, WORDS_MAX);
    const type = state === 'in' ? 'ConsentGiven' : 'ConsentWithdrawn';
    return {
      said: { lines: [] },
      records: [{ type, actor, payload: { identity, words: kept } }],
      upkeep: [{ kind: 'consent', identity, state, words: kept }],
    };
  };
