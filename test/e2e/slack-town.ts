import { afterAll, beforeAll } from 'vitest';
import { seenIn } from '../fakes/slack/seen.ts';
import type { Envelope } from '../fakes/slack/socket.ts';
import { BOT, type Posted } from '../fakes/slack/world.ts';
import { type FakeSlack, startFakeSlack } from '../fakes/slack-server.ts';
import { type CleanUp, freshFolder, type Program, startProgram, until } from './program.ts';

/** The catalog and the people of a workspace: Ana asks, Bob and Cho approve, Eve has no role, and nobody knows Zed. */
export const SLACK_YAML = `
jobs:
  backup:
    title: Back up the main database
    command: ["echo", "4.1 GB written, 12 tables, 0 skipped"]
  restart-web:
    title: Rolling restart of the web tier
    command: ["echo", "{env}", "{hosts}"]
    params:
      env: { type: string, enum: [staging, prod], required: true }
      hosts: { type: integer, min: 1, max: 8, default: 1 }
  broken:
    title: Always fails
    command: ["sh", "-c", "echo first; echo no space left >&2; exit 28"]
people:
  ana: { identities: ["slack:T1:UANA", "telegram:1001"], roles: [operator] }
  bob: { identities: ["slack:T1:UBOB", "telegram:1002"], roles: [approver] }
  cho: { identities: ["slack:T1:UCHO"], roles: [approver] }
  eve: { identities: ["slack:T1:UEVE"], roles: [] }
`;

export interface Workspace {
  readonly fake: FakeSlack;
  readonly program: Program;
  readonly folder: string;
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<Program>;
  /** Something that people do, as it reaches us. */
  readonly happens: (envelope: Envelope) => string;
  /** What the bot said there, oldest first, as it looks now. */
  readonly said: (channel: string) => readonly Posted[];
  /** The first message of the bot there that matches, once there is one. */
  readonly shows: (channel: string, pattern: RegExp) => Promise<Posted>;
  readonly becomes: (message: Posted, pattern: RegExp) => Promise<Posted>;
}

/** One fake Slack and one real program for all tests of a file; tests keep apart by having channels of their own. */
export const openWorkspace = (
  spec: { yaml?: string; env?: Readonly<Record<string, string>> } = {},
): Workspace => {
  const undos: (() => void | Promise<void>)[] = [];
  const cleanUp: CleanUp = (undo) => void undos.push(undo);
  let fake: FakeSlack | undefined;
  let program: Program | undefined;
  let folder = '';
  beforeAll(async () => {
    fake = await startFakeSlack({ retryMs: 1000 });
    cleanUp(fake.close);
    folder = await freshFolder(spec.yaml ?? SLACK_YAML, cleanUp);
    await workspace.start(spec.env);
  });
  afterAll(async () => {
    for (const undo of undos.toReversed()) await undo();
  });
  const workspace: Workspace = {
    get fake() {
      if (fake === undefined) throw new Error('not before the tests');
      return fake;
    },
    get program() {
      if (program === undefined) throw new Error('not before the tests');
      return program;
    },
    get folder() {
      return folder;
    },
    start: async (env = {}) => {
      const { botToken, appToken, url, sockets } = workspace.fake;
      const own = { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_ROOT: url, ...env };
      program = await startProgram(folder, own, 'start', cleanUp);
      if (own.SLACK_APP_TOKEN !== '') await until(() => sockets.count() > 0, 20_000);
      return program;
    },
    happens: (envelope) => workspace.fake.deliver(envelope),
    said: (channel) =>
      workspace.fake.world.messages.filter((one) => one.channel === channel && one.user === BOT),
    shows: (channel, pattern) =>
      until(() => workspace.said(channel).find((message) => pattern.test(seenIn(message))), 15_000),
    becomes: (message, pattern) => until(() => pattern.test(seenIn(message)) && message, 15_000),
  };
  return workspace;
};

/** The id of the run that a card is about. */
export const runIdIn = (card: Posted): string => / {2}([0-9A-Z]{6})\b/.exec(seenIn(card))?.[1] ?? '';
