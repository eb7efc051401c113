import type { Handled, Rooms } from '../../src/core/flows/messages/heard.ts';
import type { Person } from '../../src/core/people/person.ts';
import type { ButtonPress, Inbound } from '../../src/core/ports/channel.ts';
import type { Verb } from '../../src/core/text/cards/rich.ts';
import { letterName } from '../../src/core/text/ops/letter-words.ts';
import { arrives, pressOf } from './chat.ts';
import { codeFor } from './codes.ts';
import { isGroup, textOf } from './phone.ts';
import type { Town } from './town.ts';

// One of everything that somebody could do something with, and one person of every role.

const NUMBERS = {
  ola: 45,
  bob: 42,
  ana: 41,
  rex: 61,
  viv: 62,
  dan: 46,
  eve: 44,
  kim: 47,
  cho: 43,
  max: 63,
  lou: 64,
};
type Id = keyof typeof NUMBERS;

const person = (id: Id, ...roles: readonly string[]): Person => ({
  id,
  name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  roles,
  identities: [`telegram:${NUMBERS[id]}`, `dev:${id}`],
});

export const people: readonly Person[] = [
  person('ola', 'owner'),
  person('bob', 'approver'),
  person('ana', 'operator'),
  person('rex', 'requester'),
  person('viv', 'viewer'),
  person('dan', 'dba'),
  person('eve'),
  // They ask and vote before anybody is tried, so that nobody who is tried has a part in it already.
  person('kim', 'owner'),
  person('cho', 'approver'),
  person('max', 'operator'),
  person('lou', 'dba'),
];

/** Who is tried, by what they are; nobody admitted Zed. */
export const ROLES = {
  owner: 'ola',
  approver: 'bob',
  operator: 'ana',
  requester: 'rex',
  viewer: 'viv',
  dba: 'dan',
  'no role': 'eve',
  stranger: 'zed',
} as const;

export const identityAt = (channel: string, who: string): string => {
  const number = people.some(({ id }) => id === who) ? NUMBERS[who as Id] : 99; // it is one of them, then
  return channel === 'telegram' ? `telegram:${number}` : `dev:${who}`;
};

export const GROUP = 'telegram:-100';

/** What the words of an action name. */
export interface Scene {
  readonly waits: string;
  readonly vault: string;
  readonly heavy: string;
  readonly failed: string;
  /** Of the failed run, and of a message that could not be sent. */
  readonly runLetter: string;
  readonly mailLetter: string;
  /** With which an owner lets a job run without asking. */
  readonly accept: string;
  /** With which an owner lets somebody in. */
  readonly code: string;
}

/** Somebody says something, by an account of their own. */
const says = async (town: Town, who: string, text: string): Promise<string> => {
  const from = { identity: identityAt('telegram', who), name: who };
  return (await town.chat(GROUP).says(who, text, { from }))?.runId ?? '';
};

const guest = { from: { identity: 'telegram:77', name: 'Guest' } };
const spare = { from: { identity: 'telegram:79', name: 'Guest' } };

/** Gus came in chat and has two accounts; somebody else waits with a code. */
const peopleInChat = async (town: Town): Promise<string> => {
  const kim = town.chat('telegram:47');
  const first = town.chat('telegram:77');
  await kim.says('kim', `/admit ${await codeFor(first, 'gus', guest)} viewer Gus`);
  await town.chat('telegram:79').says('gus', `/link ${await codeFor(first, 'gus', guest)}`, spare);
  return codeFor(town.chat('telegram:78'), 'ida', { from: { identity: 'telegram:78', name: 'Ida' } });
};

const deadMessage = async ({ store, now }: Town): Promise<void> => {
  await store.outbox.suspend('telegram:-500', 'removed', now());
  const news = { kind: 'note', note: { lines: [['news']], actions: [] } } as const;
  const draft = { key: 'news', address: 'telegram:-500', priority: 1, content: news } as const;
  await store.runs.commit([{ queue: [], outbox: [draft], at: now() }]);
};

/** The line that `job NAME` shows to owners. */
const acceptanceOf = async (town: Town, job: string): Promise<string> => {
  await says(town, 'kim', `job ${job}`);
  return /accept \S+ [0-9a-f]+/.exec((await town.chat(GROUP).hears()).at(-1) ?? '')?.[0] ?? '';
};

export const sceneIn = async (town: Town): Promise<Scene> => {
  const failed = await says(town, 'max', 'run backup');
  await says(town, 'cho', `yes ${failed}`);
  await (await town.worker().takes()).fails();
  await town.worker().beats();
  const heavy = await says(town, 'max', 'run db-migrate to=1');
  for (const who of ['cho', 'kim']) await says(town, who, `yes ${heavy}`);
  const waits = await says(town, 'max', 'run backup');
  const vault = await says(town, 'lou', 'run vault-dump');
  await says(town, 'max', 'schedule report "0 14 * * sat" Europe/Berlin');
  await says(town, 'max', 'schedule report "0 15 * * sat" Europe/Berlin');
  await says(town, 'max', 'schedule pause report-2');
  await says(town, 'max', 'pause restart-web');
  await says(town, 'kim', await acceptanceOf(town, 'sweep'));
  const accept = await acceptanceOf(town, 'clean-up');
  await deadMessage(town);
  const code = await peopleInChat(town);
  const letters = await town.store.deadLetters.list(10);
  const named = (kind: string): string => {
    const letter = letters.find((one) => one.kind === kind);
    if (letter === undefined) throw new Error(`there is no dead letter of kind ${kind}`);
    return letterName(letter);
  };
  return {
    waits,
    vault,
    heavy,
    failed,
    runLetter: named('job'),
    mailLetter: named('outbound'),
    accept,
    code,
  };
};

/** A line that somebody types, or a button that somebody taps. */
export type Deed =
  | string
  | { readonly verb: Verb; readonly runId: string }
  | { readonly verb: 'sp'; readonly of: string };

export interface Trial {
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly address: string;
  readonly who: string;
}

let tried = 0;

export const tries = async ({ rooms, now, address, who }: Trial, deed: Deed): Promise<Answered> => {
  tried += 1;
  const channel = address.slice(0, address.indexOf(':'));
  const base = {
    channel,
    account: 'bot',
    address,
    lane: address,
    eventKey: `trial ${tried}`,
    messageId: String(90_000 + tried),
    from: { identity: identityAt(channel, who), name: who },
    chat: isGroup(address) ? ('group' as const) : ('private' as const),
  };
  const inbound: Inbound =
    typeof deed === 'string'
      ? { ...base, kind: 'text', text: deed, addressed: true }
      : { ...base, kind: 'button', press: await pressedIn(rooms, deed) };
  const handled = await arrives({ rooms: () => rooms, now }, inbound);
  if (handled?.outcome !== 'committed') throw new Error(`${who} was not handled at ${address}`);
  return answerIn(handled);
};

const pressedIn = async (rooms: Rooms, deed: Exclude<Deed, string>): Promise<ButtonPress> => {
  if ('of' in deed) return pressOf(rooms, { verb: deed.verb, label: '', argument: deed.of });
  const { verb, runId } = deed;
  const run = (await rooms.store.runs.find([runId])).get(runId)?.state;
  if (run === undefined) throw new Error(`there is no run ${runId}`);
  const { epoch, digest } = run;
  return pressOf(rooms, { verb, label: '', runId, bound: { epoch, digest } });
};

/** Everything that came back, in words; undefined: nothing at all. */
export type Answered = string | undefined;

const answerIn = ({ outbound, answer }: Handled): Answered => {
  const said = outbound.map(({ content }) => textOf(content, true));
  const all = [...said, ...(answer === undefined ? [] : [answer.text])];
  return all.length === 0 ? undefined : all.join('\n');
};
