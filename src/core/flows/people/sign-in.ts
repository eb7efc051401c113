import { judgeIssue } from '../../people/admission.ts';
import { CODES_SPAN_MS, isGood, newCode } from '../../people/code.ts';
import type { Person } from '../../people/person.ts';
import type { Store } from '../../ports/store.ts';
import { sha256Hex } from '../../runs/hash.ts';
import { NO_CONSOLE, signInLines } from '../../text/people/people-words.ts';
import type { Handled, Heard, Rooms, Text } from '../messages/heard.ts';
import { type Amendment, amend, amendAndSay, no } from '../runs/amend.ts';
import { codeTyped } from './link-identity.ts';
import { refusedPeople } from './people-news.ts';

/** How long the link waits for whoever asked for it. */
export const SIGN_IN_MS = 5 * 60_000;

/** `login`: a link that opens the console as whoever asked for it, once. */
export const offerSignIn = (rooms: Rooms, heard: Heard<Text>): Promise<Handled> =>
  amendAndSay(rooms, heard, 'Login', () => issue(rooms, heard));

const issue = async (
  { store, ambient, house }: Rooms,
  { inbound, person }: Heard<Text>,
): Promise<Amendment> => {
  // Whoever reads along could be quicker.
  if (inbound.chat !== 'private') return refusedPeople({ why: 'private_only' });
  const console = house.console?.();
  if (console === undefined) return no('no_console', NO_CONSOLE);
  const { identity, name } = inbound.from;
  const at = await store.now();
  const figures = await store.people.codeFigures({ identity, since: at - CODES_SPAN_MS, at });
  const refusal = judgeIssue('login', figures);
  if (refusal !== undefined) return refusedPeople(refusal);
  const code = newCode(ambient.chance);
  const until = at + SIGN_IN_MS;
  return {
    said: { lines: signInLines(`${console}/login?code=${code}`), secret: true },
    records: [
      { type: 'CodeMade', actor: `user:${identity}`, payload: { purpose: 'login', identity, until } },
    ],
    upkeep: [
      {
        kind: 'code_made',
        codeHash: sha256Hex(code),
        purpose: 'login',
        until,
        identity,
        address: inbound.address,
        name,
        personId: person.id,
      },
    ],
  };
};

type SignInRooms = Pick<Rooms, 'store' | 'directory'>;

/** Whose console a link opens, as long as it is good; asking uses nothing up. */
export const signInOf = async (
  { store, directory }: SignInRooms,
  typed: string,
): Promise<{ readonly person: Person; readonly identity: string; readonly codeHash: string } | undefined> => {
  const code = await codeTyped(store, typed);
  if (code?.identity === undefined || !isGood(code, 'login', await store.now())) return undefined;
  const { identity, codeHash, personId } = code;
  const person = await directory.whoIs(identity);
  return person?.id === personId && person !== undefined ? { person, identity, codeHash } : undefined;
};

/** Uses the link up. Of two who open it at the same moment one comes in, because both need the same record. */
export const signIn = async (rooms: SignInRooms, typed: string): Promise<string | undefined> => {
  let opened: string | undefined;
  const done = await amend(rooms.store, async () => {
    const found = await signInOf(rooms, typed);
    opened = found && `web:${found.identity}`;
    if (found === undefined) return refusedPeople({ why: 'code_void' });
    const used = { kind: 'code_closed', codeHash: found.codeHash } as const;
    return { ...signedIn(`web:${found.identity}`), upkeep: [used] };
  });
  return done === 'seen_before' ? undefined : opened;
};

/** Puts on record that somebody came in on another way. */
export const noteSignIn = async (store: Pick<Store, 'now' | 'runs'>, identity: string): Promise<void> => {
  await amend(store, () => Promise.resolve(signedIn(identity)));
};

const signedIn = (identity: string): Amendment => ({
  said: { lines: [] },
  records: [{ type: 'SignedIn', actor: `user:${identity}`, payload: { identity } }],
});
