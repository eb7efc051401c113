import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentId } from '../src/cli/deploy/place.ts';
import { startFakeTelegram } from '../test/fakes/telegram-server.ts';
import { buildReleases, type Release } from './drill/releases.ts';
import { type Site, siteAt } from './drill/site.ts';
import { until } from './measure.ts';
import { publish } from './report.ts';

// Builds five releases of the committed tree, two of them bad, and brings an installation with a bot in operation from one to
// the other and back, once also with kill -9 in the worst moment. Fails when a message, a run or a decision is lost, when the bot
// ever had two pollers, or when coming back takes ten minutes.

const LIMIT_S = 600;
const GATE = '15s';

interface Step {
  readonly what: string;
  /** From the command to a release that serves. */
  readonly seconds: number;
  /** Of these, without anybody who asks Telegram for news. */
  readonly deafSeconds: number;
}

const assert = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`The drill failed: ${what}.`);
};

const drill = async (
  site: Site,
  releases: Readonly<Record<'a' | 'b' | 'c' | 'bad' | 'idle', Release>>,
): Promise<readonly Step[]> => {
  const { a, b, c, bad, idle } = releases;
  const steps: Step[] = [];
  /** Somebody writes to the bot as soon as it is deaf, and has to be answered. */
  const step = async (
    what: string,
    act: () => Promise<number>,
    code: number,
    serves: Release,
  ): Promise<void> => {
    const deaf = site.watch();
    const began = performance.now();
    const answered = await act();
    const seconds = (performance.now() - began) / 1000;
    assert(answered === code, `${what}: exit ${answered}, not ${code}`);
    assert(currentId(site.place) === serves.id, `${what}: ${currentId(site.place) ?? 'nothing'} runs`);
    await site.asksAndIsAnswered();
    steps.push({ what, seconds: rounded(seconds), deafSeconds: rounded(await deaf.stop()) });
    await site.assertWhole();
  };
  const deploy =
    ({ file }: Release) =>
    () =>
      site.textops('deploy', file, '--gate', GATE);
  await step('first deployment', deploy(a), 0, a);
  await site.requestsRun();
  await step('deployment of a good release', deploy(b), 0, b);
  await step('deployment of one that is never ready: back by itself', deploy(bad), 1, b);
  await step('deployment of one that is ready and fails its self-test: back by itself', deploy(idle), 1, b);
  await step('rollback by hand', () => site.textops('rollback'), 0, a);
  await cutOff(site, c);
  // What ran before the cut was the one that somebody had rolled back to.
  await step('rollback after kill -9 between switch and start', () => site.textops('rollback'), 0, a);
  return steps;
};

/** Opening the log waits for a reader, so that the deployment stands still exactly after the switch and before the start. */
const cutOff = async (site: Site, release: Release): Promise<void> => {
  site.logIsPipe(true);
  const cut = site.begin('deploy', release.file);
  await until('the switch', () => currentId(site.place) === release.id);
  cut.kill('SIGKILL');
  await until('the end of the deployment', () => cut.signalCode !== null);
  site.logIsPipe(false);
  assert(existsSync(site.place.lock), 'the lock of the deployment that was killed is gone');
  assert(!(await site.answers()), 'somebody serves although nobody was started');
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

const ROOT = join(import.meta.dirname, '..');
const fake = await startFakeTelegram({ quirks: false });
const built = await buildReleases(ROOT);
const site = await siteAt(built.folder, fake);
try {
  const steps = await drill(site, built.releases);
  const worst = Math.max(...steps.map(({ seconds }) => seconds));
  assert(worst < LIMIT_S, `coming back took ${worst} s`);
  assert(site.conflicts() === 0, 'two polled at the same time');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim();
  await publish({
    name: 'rollback',
    command: 'npm run drill:rollback',
    title: 'A drill of deploying and rolling back',
    head: ['step', 'command → it serves (s)', 'of these nobody polls (s)'],
    rows: steps.map(({ what, seconds, deafSeconds }) => [what, seconds, deafSeconds]),
    notes: [
      `Real archives of commit ${commit}, unpacked and proved (${built.files} files), on SQLite with a bot on the fake Bot API; every deployment ` +
        'also backs the database up and restores it beside. Whoever wrote while nobody polled was answered afterwards, no run and no decision was ' +
        'lost, and no poll was refused with 409. A release has 15 s here until it has to serve (60 s by default), which is most of the way back by itself. ' +
        `The limit is ${LIMIT_S} s.`,
    ],
    raw: { steps, ledger: await readFile(site.place.ledger, 'utf8') },
  });
} finally {
  await site.close();
  built.remove();
  await fake.close();
}
