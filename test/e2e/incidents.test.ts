import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { DATABASES, freshDatabaseUrl } from './databases.ts';
import { freshFolder, startProgram, until } from './program.ts';

test.each(DATABASES)(
  'a program on %s writes down that it is there, and when its polls fail and come back',
  async (kind) => {
    const folder = await freshFolder('people: { ana: { identities: ["telegram:41"], roles: [owner] } }\n');
    const url = await freshDatabaseUrl(kind, folder);
    const fake = await startFakeTelegram({ quirks: false });
    onTestFinished(() => fake.close());
    const program = await startProgram(folder, {
      DATABASE_URL: url,
      TELEGRAM_BOT_TOKEN: fake.token,
      TELEGRAM_API_ROOT: fake.url,
    });
    const store = await openStore({ url, migrate: false });
    onTestFinished(() => store.close());
    await until(() => fake.isPolled(), 20_000);
    fake.nextFault('getUpdates', { status: 502 });
    const ana = fake.addUser({ firstName: 'Ana', id: 41 });
    // Ends the poll that waits, so that the next one fails.
    ana.tells('/ops');
    await until(async () => (await store.incidents.open()).some(({ name }) => name === 'telegram'), 30_000);
    ana.tells('/ops');
    const incidents = async () => {
      const found = await store.scores.incidents({ since: 0, until: (await store.now()) + 1 }, 10);
      return found.filter(({ kind: one, clearedAt }) => one === 'channel' && clearedAt !== undefined);
    };
    await until(async () => (await incidents()).length > 0, 30_000);
    expect((await incidents())[0]).toMatchObject({ name: 'telegram' });
    const at = (await store.now()) + 60_000;
    expect((await store.scores.up({ since: 0, until: at })).minutes).toBeGreaterThan(0);
    expect(await program.stop()).toBe(0);
  },
);
