import { describe, expect, test } from 'vitest';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freshFolder, type Program, say, startProgram, until } from './program.ts';
import { IDS, living } from './town.ts';
import { TOWN_YAML } from './town-yaml.ts';

const JUMP_MS = 60_000;

/** Most of the time after which the program counts as deaf passes in a moment. */
const aMinutePasses = async (program: Program): Promise<void> => {
  const jumps = () => program.output().split('the clock jumped').length;
  const before = jumps();
  program.signal('SIGUSR2');
  await until(() => jumps() > before, 10_000);
};

describe('a program that Telegram answers no more', () => {
  // A jump also makes the lease of the poller look old, so polling begins anew and the last 90 s are waited for.
  test('lives while polls end, exits with 1 when none has ended for 90 s, and hears again after the next start', {
    timeout: 240_000,
  }, async () => {
    await using fake = await startFakeTelegram({ quirks: false });
    const ana = fake.addUser({ firstName: 'Ana', id: IDS.ana });
    const folder = await freshFolder(TOWN_YAML);
    const env = {
      TELEGRAM_BOT_TOKEN: fake.token,
      TELEGRAM_API_ROOT: fake.url,
      ...living(0),
      CLOCK_JUMP_MS: String(JUMP_MS),
    };
    const program = await startProgram(folder, env);
    await until(() => fake.isPolled(), 10_000);
    const answers = (count: number) => until(() => fake.botMessages(IDS.ana).length === count, 10_000);
    await aMinutePasses(program);
    // The poll that is held now brings this, and every poll after it hangs.
    fake.nextFault('getUpdates', 'hang_before', 1000);
    ana.tells('/whoami');
    await answers(1);
    await until(() => fake.calls('getUpdates').some(({ fault }) => fault !== undefined), 10_000);
    await aMinutePasses(program);
    expect((await say(program, 'ops')).intentType).toBe('Ops');
    ana.tells('/whoami');
    await aMinutePasses(program);
    expect(await program.ended()).toBe(1);
    expect(program.output()).toContain('Stopping (deaf).');
    expect(program.output()).toMatch(/telegram.*no poll has ended for too long/);
    expect(fake.botMessages(IDS.ana)).toHaveLength(1);
    fake.clearFaults();
    await startProgram(folder, env);
    await answers(2);
  });
});
