import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { SaysOptions } from '../fakes/telegram/people.ts';
import type { Person } from '../fakes/telegram/person.ts';
import type { SeenMessage } from '../fakes/telegram/seen-message.ts';
import type { CallbackAnswer } from '../fakes/telegram/world.ts';
import { type FakeTelegram, startFakeTelegram, type TelegramOptions } from '../fakes/telegram-server.ts';
import type { CleanUp } from './program.ts';
import {
  freshFolder,
  type Program,
  type RunAnswer,
  runThatIs,
  showRun,
  startProgram,
  until,
} from './program.ts';
import { TOWN_YAML } from './town-yaml.ts';

export type Name = keyof typeof IDS;

/** Ana asks, Bob and Cho approve, Max does both, Eve is linked without a role, and nobody knows Zed. */
export const IDS = { ana: 1001, bob: 1002, cho: 1003, eve: 1004, max: 1005, zed: 1666 } as const;

/** The card of a run, as it was when it was found. */
export interface CardSeen extends SeenMessage {
  readonly runId: string;
}

/** A chat with the bot in it. */
export interface Room {
  readonly id: number;
  /** Writes, and does not wait. */
  readonly hears: (who: Name, text: string, options?: SaysOptions) => number;
  /** What the bot wrote here, oldest first, as it looks now. */
  readonly said: () => readonly SeenMessage[];
  /** The first message of the bot that matches, once there is one. */
  readonly shows: (pattern: RegExp) => Promise<SeenMessage>;
  /** That message of the bot, once its text matches. */
  readonly becomes: (message: SeenMessage, pattern: RegExp) => Promise<SeenMessage>;
  /** Asks for a run and waits for its card. */
  readonly asks: (who: Name, text: string, options?: SaysOptions) => Promise<CardSeen>;
  /** Presses a button and waits for what the presser sees for a moment. */
  readonly presses: (who: Name, message: SeenMessage, button: string) => Promise<CallbackAnswer>;
  /** Like `presses`, with data that no button carries. */
  readonly forges: (who: Name, message: SeenMessage, data: string) => Promise<CallbackAnswer>;
  /** Everything that was written here before has been handled: asks a question and waits for its answer. */
  readonly settles: () => Promise<void>;
}

export interface Town {
  readonly fake: FakeTelegram;
  readonly program: Program;
  readonly folder: string;
  readonly person: (who: Name) => Person;
  /** A new group with everybody in it. */
  readonly group: (spec?: Partial<Parameters<FakeTelegram['addChat']>[0]>) => Room;
  readonly room: (chatId: number) => Room;
  /** The private chat of that person. */
  readonly home: (who: Name) => Room;
  readonly run: (runId: string) => Promise<RunAnswer>;
  readonly runThatIs: (runId: string, status: string) => Promise<RunAnswer>;
  /** All runs, newest first: id and status. */
  readonly runs: () => Promise<readonly { readonly runId: string; readonly status: string }[]>;
  /** Another process of the same installation; it may live at another time. */
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<Program>;
  readonly edit: (change: (yaml: string) => string) => Promise<void>;
}

export interface TownSpec {
  readonly yaml?: string;
  readonly telegram?: TelegramOptions;
  /** Of the first process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One fake Telegram and one real program for all tests of a file; tests keep apart by having chats of their own. */
export const openTown = (spec: TownSpec = {}): Town => {
  const undos: (() => void | Promise<void>)[] = [];
  const cleanUp: CleanUp = (undo) => void undos.push(undo);
  let fake: FakeTelegram | undefined;
  let folder = '';
  let program: Program | undefined;
  beforeAll(async () => {
    fake = await startFakeTelegram({ quirks: false, ...spec.telegram });
    cleanUp(fake.close);
    for (const [name, id] of Object.entries(IDS)) {
      fake.addUser({ firstName: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, id });
    }
    folder = await freshFolder(spec.yaml ?? TOWN_YAML, cleanUp);
    await town.start(spec.env);
  });
  afterAll(async () => {
    for (const undo of undos.toReversed()) await undo();
  });
  const room = (chatId: number): Room => roomOf(town, chatId);
  const town: Town = {
    get fake() {
      return there(fake);
    },
    get program() {
      return there(program);
    },
    get folder() {
      return folder;
    },
    person: (who) => town.fake.person(IDS[who]),
    group: (more = {}) => room(town.fake.addChat({ type: 'supergroup', title: 'ops', ...more }).id),
    room,
    home: (who) => room(IDS[who]),
    run: (runId) => showRun(town.program, runId),
    runThatIs: (runId, status) => runThatIs(town.program, runId, status),
    runs: async () => {
      const response = await fetch(`${town.program.url}/runs?limit=100`);
      // The shape is the contract of this route.
      return ((await response.json()) as { runs: { runId: string; status: string }[] }).runs;
    },
    start: async (env = {}) => {
      program = await startProgram(folder, { ...environment(town.fake), ...env }, 'start', cleanUp);
      await until(() => town.fake.isPolled(), 20_000);
      return program;
    },
    edit: async (change) => {
      const file = join(folder, 'textops.yaml');
      await writeFile(file, change(await readFile(file, 'utf8')));
    },
  };
  return town;
};

const environment = (fake: FakeTelegram): Readonly<Record<string, string>> => ({
  TELEGRAM_BOT_TOKEN: fake.token,
  TELEGRAM_API_ROOT: fake.url,
});

/** The variables of a program that lives so many milliseconds off. */
export const living = (offsetMs: number): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${new URL('./clock-offset.ts', import.meta.url).href}`,
  CLOCK_OFFSET_MS: String(offsetMs),
});

const there = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the town is not open yet');
  return value;
};

const PATIENCE_MS = 15_000;

const roomOf = (town: Town, id: number): Room => {
  const said = (): readonly SeenMessage[] => town.fake.botMessages(id);
  const shows = (pattern: RegExp): Promise<SeenMessage> =>
    find(() => said().find(({ text }) => pattern.test(text)), `${pattern}`, said);
  const room: Room = {
    id,
    hears: (who, text, options) => town.person(who).says(id, text, options).message_id,
    said,
    shows,
    becomes: (message, pattern) =>
      find(
        () => said().find(({ messageId, text }) => messageId === message.messageId && pattern.test(text)),
        `${pattern} in ${message.messageId}`,
        said,
      ),
    asks: async (who, text, options) => {
      const asked = room.hears(who, text, options);
      const isCard = ({ replyTo, text: words }: SeenMessage) => replyTo === asked && ID.test(words);
      const card = await find(() => said().find(isCard), `a card for "${text}"`, said);
      return { ...card, runId: ID.exec(card.text)?.[1] ?? '' };
    },
    presses: (who, { messageId }, button) =>
      answered(town, town.person(who).presses({ chatId: id, messageId }, button)),
    forges: (who, { messageId }, data) =>
      answered(town, town.person(who).presses({ chatId: id, messageId }, data, { forged: true })),
    settles: async () => {
      const asked = room.hears('max', '/whoami');
      await find(() => said().find(({ replyTo }) => replyTo === asked), 'an answer to /whoami', said);
    },
  };
  return room;
};

const ID = /^\S+ Approval needed · ([0-9A-Z]{6})/u;

const answered = (town: Town, callbackId: string): Promise<CallbackAnswer> =>
  find(
    () => town.fake.callbackAnswer(callbackId),
    'an answer to a press',
    () => [],
  );

/** Like `until`, and a failure shows what was there instead. */
const find = async <T>(
  look: () => T | undefined,
  what: string,
  said: () => readonly SeenMessage[],
): Promise<T> => {
  try {
    return await until(look, PATIENCE_MS);
  } catch {
    const seen = said().map(({ messageId, text }) => `[${messageId}] ${text}`);
    throw new Error(`Nobody saw ${what}. The bot said here:\n${seen.join('\n')}`);
  }
};
