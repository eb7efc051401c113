import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freshFolder, type Program, say, startProgram, until } from './program.ts';
import { IDS, living } from './town.ts';
import { TOWN_YAML } from './town-yaml.ts';

/** So far a clock may jump without making the lease of the poller look old, so that polling goes on as it is. */
const STEP_MS = 4000;

describe('a program that Telegram answers no more', () => {
  test('lives while polls end, exits with 1 when none has ended for 90 s, and hears again after the next start', async () => {
    await using fake = await startFakeTelegram({ quirks: false });
    const ana = fake.addUser({ firstName: 'Ana', id: IDS.ana });
    const folder = await freshFolder(TOWN_YAML);
    const url = `file:${folder}/data/textops.db`;
    const env = {
      TELEGRAM_BOT_TOKEN: fake.token,
      TELEGRAM_API_ROOT: fake.url,
      DATABASE_URL: url,
      ...living(0),
      CLOCK_JUMP_MS: String(STEP_MS),
    };
    const program = await startProgram(folder, env);
    await until(() => fake.isPolled(), 10_000);
    const passes = await timeFor(program, url);
    const answers = (count: number) => until(() => fake.botMessages(IDS.ana).length === count, 10_000);
    await passes(60_000);
    // The poll that is held now brings this, and every poll after it hangs.
    fake.nextFault('getUpdates', 'hang_before', 1000);
    ana.tells('/whoami');
    await answers(1);
    await until(() => fake.calls('getUpdates').some(({ fault }) => fault !== undefined), 10_000);
    await passes(60_000);
    expect((await say(program, 'ops')).intentType).toBe('Ops');
    ana.tells('/whoami');
    await passes(40_000);
    expect(await program.ended()).toBe(1);
    expect(program.output()).toContain('Stopping (deaf).');
    expect(program.output()).toMatch(/telegram.*no poll has ended for too long/);
    expect(fake.botMessages(IDS.ana)).toHaveLength(1);
    fake.clearFaults();
    await startProgram(folder, env);
    await answers(2);
  });
});

/** Lets time pass for a program in steps, each as soon as it has renewed the lease of its poller, and no longer than it lives. */
const timeFor = async (program: Program, url: string): Promise<(ms: number) => Promise<void>> => {
  const store = await openStore({ url });
  onTestFinished(() => store.close());
  const isEnding = () => program.output().includes('Stopping');
  const leasedUntil = async (): Promise<number> => {
    const leases = await store.leases.list();
    return leases.find(({ name }) => name.startsWith('poller:telegram:'))?.until ?? 0;
  };
  return async (ms) => {
    for (let passed = 0; passed < ms && !isEnding(); passed += STEP_MS) {
      const before = await leasedUntil();
      program.signal('SIGUSR2');
      await until(async () => isEnding() || (await leasedUntil()) >= before + STEP_MS, 10_000);
    }
  };
};
