import { expect, test } from 'vitest';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freePort } from '../free-port.ts';
import { freshFolder, runThatIs, startProgram, until } from './program.ts';

const YAML = `
jobs:
  hello: { title: Say hello, command: ["echo", "hello, world"] }
people:
  ana: { identities: ["telegram:1001"], roles: [operator] }
  bob: { identities: ["telegram:1002"], roles: [approver] }
`;

test('a run is asked for and decided over the webhook, through a kill, and then by polling again', async () => {
  const fake = await startFakeTelegram({ quirks: false, webhookRetryMs: 50 });
  const ana = fake.addUser({ firstName: 'Ana', id: 1001 });
  const bob = fake.addUser({ firstName: 'Bob', id: 1002 });
  const ops = fake.addChat({ type: 'supergroup', title: 'ops' });
  const folder = await freshFolder(YAML);
  const port = await freePort();
  const telegram = { TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url };
  const called = {
    ...telegram,
    HTTP_PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TELEGRAM_WEBHOOK_SECRET: 'x'.repeat(40),
  };
  const said = (pattern: RegExp) =>
    until(() => fake.botMessages(ops.id).find(({ text }) => pattern.test(text)), 15_000);
  const idOf = (text: string): string => /\b([0-9A-HJKMNP-TV-Z]{6})\b/.exec(text)?.[1] ?? '';

  const first = await startProgram(folder, called);
  ana.says(ops, '/run hello');
  const runId = idOf((await said(/Approval needed/)).text);
  await first.kill();
  // Nobody is there: Telegram keeps it, and tries again.
  bob.says(ops, `/yes ${runId}`);
  const second = await startProgram(folder, called);
  await runThatIs(second, runId, 'Succeeded');
  await said(/hello succeeded/);
  expect(fake.calls('getUpdates')).toEqual([]);
  expect(fake.botMessages(ops.id).filter(({ text }) => text.includes('hello succeeded'))).toHaveLength(1);
  expect(await second.stop()).toBe(0);

  ana.says(ops, '/whoami');
  await startProgram(folder, telegram);
  await said(/Ana/);
  await until(() => fake.isPolled(), 15_000);
  expect(fake.pendingUpdateIds()).toEqual([]);
  await fake.close();
});
