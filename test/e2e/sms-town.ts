import { afterAll, beforeAll } from 'vitest';
import type { Sent } from '../fakes/twilio/world.ts';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio-server.ts';
import { type CleanUp, freshFolder, type Program, startProgram, until } from './program.ts';

export const ANA = '+491701234561';
export const BOB = '+491701234562';
export const CHO = '+491701234563';
export const ZED = '+491701234569';

export const PUBLIC = 'https://ops.example.org';

/** Ana asks, Bob and Cho approve, all of them with a telephone and nothing else. */
export const SMS_YAML = `
jobs:
  backup:
    title: Back up the main database
    command: ["echo", "4.1 GB written, 12 tables, 0 skipped"]
  db-migrate:
    title: Change the production schema
    command: ["echo", "done"]
    heavy: true
  count:
    title: Count
    command: ["echo", "{n}"]
    params: { n: { type: integer } }
people:
  ana: { identities: ["sms:${ANA}"], roles: [operator], timezone: UTC }
  bob: { identities: ["sms:${BOB}"], roles: [approver], timezone: UTC }
  cho: { identities: ["sms:${CHO}"], roles: [approver], timezone: UTC }
`;

export interface SmsTown {
  readonly fake: FakeTwilio;
  readonly program: Program;
  readonly folder: string;
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<Program>;
  /** The first text to that number from now on that matches. */
  readonly hears: (number: string, pattern: RegExp) => Promise<Sent>;
  /** Texts, and waits until that was acknowledged. */
  readonly texts: (number: string, body: string, more?: Readonly<Record<string, string>>) => Promise<void>;
}

/** One fake Twilio and one real program for all tests of a file. */
export const openSmsTown = (yaml = SMS_YAML): SmsTown => {
  const undos: (() => void | Promise<void>)[] = [];
  const cleanUp: CleanUp = (undo) => void undos.push(undo);
  let fake: FakeTwilio | undefined;
  let program: Program | undefined;
  let folder = '';
  const heard = new Map<string, number>();
  beforeAll(async () => {
    fake = await startFakeTwilio();
    cleanUp(fake.close);
    folder = await freshFolder(yaml, cleanUp);
    await town.start();
  });
  afterAll(async () => {
    for (const undo of undos.toReversed()) await undo();
  });
  const town: SmsTown = {
    get fake() {
      if (fake === undefined) throw new Error('not there yet');
      return fake;
    },
    get program() {
      if (program === undefined) throw new Error('not there yet');
      return program;
    },
    get folder() {
      return folder;
    },
    start: async (env = {}) => {
      const { accountSid, authToken, from, url, connect } = town.fake;
      const variables = {
        TWILIO_ACCOUNT_SID: accountSid,
        TWILIO_AUTH_TOKEN: authToken,
        TWILIO_FROM: from,
        TWILIO_API_ROOT: url,
        PUBLIC_URL: PUBLIC,
      };
      program = await startProgram(folder, { ...variables, ...env }, 'start', cleanUp);
      connect({ url: program.url, publicUrl: PUBLIC });
      return program;
    },
    hears: (number, pattern) =>
      until(() => {
        const from = heard.get(number) ?? 0;
        const mine = town.fake.sent.filter(({ to }) => to === number);
        const at = mine.findIndex(({ body }, index) => index >= from && pattern.test(body));
        if (at < 0) return undefined;
        heard.set(number, at + 1);
        return mine[at];
      }, 15_000),
    texts: async (number, body, more) => {
      // While a program starts it asks for patience, and Twilio has some.
      const response = await until(async () => {
        const answer = await town.fake.texts(number, body, more);
        return answer.status !== 503 && answer;
      }, 15_000);
      if (response.status !== 204) throw new Error(`${response.status}: ${await response.text()}`);
    },
  };
  return town;
};
