import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, placeAt } from '../../src/cli/deploy/place.ts';
import { processRunner } from '../../src/cli/deploy/process-runner.ts';
import type { FakeTelegram } from '../../test/fakes/telegram-server.ts';
import { freePort } from '../../test/free-port.ts';
import { pause, until } from '../measure.ts';

/** An installation with a bot, and somebody who uses it. */
export interface Site {
  readonly place: Place;
  /** The exit code. */
  readonly textops: (...args: readonly string[]) => Promise<number>;
  readonly begin: (...args: readonly string[]) => ChildProcess;
  /** Counts the time in which nobody polls, until it is stopped; gives seconds. */
  readonly watch: () => { readonly stop: () => Promise<number> };
  readonly requestsRun: () => Promise<void>;
  readonly asksAndIsAnswered: () => Promise<void>;
  /** Every run that was ever asked for is there, and the history is whole. */
  readonly assertWhole: () => Promise<void>;
  readonly answers: () => Promise<boolean>;
  readonly conflicts: () => number;
  readonly logIsPipe: (pipe: boolean) => void;
  readonly close: () => Promise<void>;
}

const YAML = `
jobs:
  hello: { title: Say hello, command: ["echo", "hello"] }
people:
  ana: { identities: ["telegram:1001"], roles: [operator, viewer], timezone: UTC }
`;

const ENTRY = join(import.meta.dirname, '..', '..', 'bin', 'textops.js');

export const siteAt = async (folder: string, fake: FakeTelegram): Promise<Site> => {
  const place = placeAt(join(folder, 'prefix'));
  const port = await freePort();
  const log = join(place.prefix, 'process.log');
  mkdirSync(place.shared, { recursive: true });
  writeFileSync(join(place.shared, 'textops.yaml'), YAML);
  const env = [`HTTP_PORT=${port}`, `TELEGRAM_BOT_TOKEN=${fake.token}`, `TELEGRAM_API_ROOT=${fake.url}`];
  writeFileSync(join(place.shared, '.env'), `${env.join('\n')}\n`, { mode: 0o600 });
  const ana = fake.addUser({ firstName: 'Ana', id: 1001 });
  const options = ['--prefix', place.prefix, '--runner', 'process'];
  let asked = 0;
  let runs = 0;
  const runsThere = async (): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${port}/runs`);
    // The shape is the contract of this route.
    const { runs: found } = (await response.json()) as { runs: { jobKey: string }[] };
    // Beside them there is a test of its own for every deployment.
    return found.filter(({ jobKey }) => jobKey === 'hello').length;
  };
  const answersTo = (number: number): boolean =>
    fake.botMessages(1001).filter(({ text }) => text.includes('telegram:1001')).length >= number;
  return {
    place,
    textops: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [ENTRY, ...args, ...options], (error, stdout, stderr) => {
          process.stdout.write(stdout + stderr);
          resolve(error === null ? 0 : Number(error.code ?? 1));
        });
      }),
    begin: (...args) => spawn(process.execPath, [ENTRY, ...args, ...options], { stdio: 'ignore' }),
    watch: () => watchPolls(fake),
    requestsRun: async () => {
      ana.tells('/run hello');
      await until('the card', () =>
        fake.botMessages(1001).some(({ text }) => text.includes('Approval needed')),
      );
      runs += 1;
    },
    asksAndIsAnswered: async () => {
      ana.tells('/whoami');
      asked += 1;
      await until('an answer', () => answersTo(asked));
    },
    assertWhole: async () => {
      const there = await runsThere();
      if (there !== runs) throw new Error(`${there} runs are there, not ${runs}`);
      execFileSync(process.execPath, [ENTRY, 'audit', 'verify'], { cwd: place.shared, stdio: 'ignore' });
    },
    answers: () =>
      fetch(`http://127.0.0.1:${port}/health/live`).then(
        () => true,
        () => false,
      ),
    conflicts: () => fake.calls('getUpdates').filter(({ answer }) => answer?.error_code === 409).length,
    logIsPipe: (pipe) => {
      rmSync(log, { force: true });
      if (pipe) execFileSync('mkfifo', [log]);
    },
    close: () => processRunner(place).stop(),
  };
};

/** A poll that has just ended is followed by the next one at once; only longer breaks count. */
const BREAK_MS = 50;

const watchPolls = (fake: FakeTelegram): ReturnType<Site['watch']> => {
  const ending = new AbortController();
  let deafMs = 0;
  const look = async (): Promise<void> => {
    let since: number | undefined;
    while (!ending.signal.aborted) {
      const now = performance.now();
      if (fake.isPolled()) {
        if (since !== undefined && now - since > BREAK_MS) deafMs += now - since;
        since = undefined;
      } else since ??= now;
      await pause(10);
    }
  };
  const done = look();
  return {
    stop: async () => {
      await until('a poll', () => fake.isPolled());
      ending.abort();
      await done;
      return deafMs / 1000;
    },
  };
};
