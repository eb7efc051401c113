import { expect, onTestFinished, test } from 'vitest';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { startPostgres } from '../setup/postgres-server.ts';
import { freshFolder, startProgram, until } from './program.ts';

const yaml = `
jobs:
  backup: { command: ["echo", "done"] }
people:
  ana: { identities: ["telegram:1001"], roles: [operator] }
`;

test('/ops is answered while the database is away, and what was asked meanwhile is asked for afterwards', async () => {
  const server = await startPostgres({ fsync: 'on' });
  onTestFinished(() => server.stop());
  const { url } = await freshPostgresDatabase(server.url);
  await using telegram = await startFakeTelegram({ quirks: false });
  const ana = telegram.addUser({ firstName: 'Ana', id: 1001 });
  const program = await startProgram(await freshFolder(yaml), {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    DATABASE_URL: url,
  });
  const seen = () => telegram.botMessages(1001).map(({ text }) => text);
  ana.tells('/ops');
  await until(() => seen().some((text) => text.startsWith('✅ OK')), 20_000);

  await server.kill();
  ana.tells('/ops');
  ana.tells('/run backup');
  await until(() => seen().some((text) => text.startsWith('⛔ Down · dev')), 60_000);
  expect(seen().filter((text) => text.startsWith('⏳'))).toEqual([]);

  await server.restart();
  await until(() => seen().some((text) => text.startsWith('⏳ Approval needed')), 60_000);
  expect(seen().filter((text) => text.startsWith('⛔'))).toHaveLength(1);
  expect(await program.stop()).toBe(0);
});
