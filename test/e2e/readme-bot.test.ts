import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freshFolder, startProgram, until } from './program.ts';

test('a stranger with a token gets to a first approved run by the README alone', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const steps = readme.slice(readme.indexOf('## Your own bot'));
  const yaml = /```yaml\n([\s\S]*?)```/.exec(steps)?.[1] ?? '';
  await using fake = await startFakeTelegram({ quirks: false });
  const folder = await freshFolder(yaml);
  await writeFile(join(folder, '.env'), `TELEGRAM_BOT_TOKEN=${fake.token}\nTELEGRAM_API_ROOT=${fake.url}\n`);

  const program = await startProgram(folder);
  const code = await until(() => /\?start=(claim_\S+)/.exec(program.output())?.[1], 10_000);
  const ada = fake.addUser({ firstName: 'Ada', id: 4711 });
  ada.tells(`/start ${code}`);
  await fake.waitFor(() => fake.botMessages(4711).find(({ text }) => text.includes('owner')));

  ada.tells(/Text your bot `([^`]+)`/.exec(steps)?.[1] ?? '');
  const card = await fake.waitFor(() =>
    fake.botMessages(4711).find(({ text }) => text.includes('Approval needed')),
  );
  ada.presses(card, 'Approve');
  await fake.waitFor(
    () => fake.botMessages(4711).find(({ text }) => text.includes('hello succeeded')),
    15_000,
  );
  const shown = fake.botMessages(4711).find((message) => message.messageId === card.messageId);
  expect(shown?.text).toContain('Succeeded');
  expect(fake.botMessages(4711).at(-1)?.text).toContain('hello, you');
  expect(await program.stop()).toBe(0);
});
