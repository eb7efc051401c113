import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freshFolder, startProgram, until } from './program.ts';

test('a stranger with a token gets to a first approved run by the README alone', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const steps = readme.slice(readme.indexOf('## Your own bot'));
  const yaml = /```yaml\n([\s\S]*?)```/.exec(steps)?.[1] ?? '';
  await using fake = await startFakeTelegram({ quirks: false });
  const folder = await freshFolder(yaml);
  await writeFile(join(folder, '.env'), `TELEGRAM_API_ROOT=${fake.url}\n`);

  const command = /`npx textops (link telegram)`/.exec(steps)?.[1] ?? '';
  const linked = await link(folder, command, fake.token);
  expect(linked.code).toBe(0);
  expect(linked.said).toContain('@textops_bot');
  expect(linked.said).not.toContain(fake.token);
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

/** In a process of its own, with the token on its stdin. */
const link = (
  folder: string,
  command: string,
  token: string,
): Promise<{ readonly code: number | null; readonly said: string }> =>
  new Promise((done) => {
    const argv = [fileURLToPath(new URL('../../bin/textops.js', import.meta.url)), ...command.split(' ')];
    const options = { cwd: folder, env: { PATH: process.env.PATH ?? '' } };
    const child = execFile(process.execPath, [...argv, '--token-stdin'], options, (_, out, err) => {
      done({ code: child.exitCode, said: `${out}${err}` });
    });
    child.stdin?.end(`${token}\n`);
  });

test('with a database in place the guide itself offers the bot, before anything runs', async () => {
  await using fake = await startFakeTelegram({ quirks: false });
  const folder = await freshFolder();
  await writeFile(join(folder, '.env'), `TELEGRAM_API_ROOT=${fake.url}\n`);
  expect(await (await startProgram(folder)).stop()).toBe(0);
  const { said } = await link(folder, 'link telegram', fake.token);
  const code = /\?start=(claim_\S+)/.exec(said)?.[1];
  const ada = fake.addUser({ firstName: 'Ada', id: 4711 });
  // Telegram keeps what she opened until somebody asks for it.
  ada.tells(`/start ${code}`);
  const program = await startProgram(folder);
  await fake.waitFor(() => fake.botMessages(4711).find(({ text }) => text.includes('owner')), 10_000);
  ada.tells('/jobs');
  await fake.waitFor(() => fake.botMessages(4711).find(({ text }) => text.includes('hello')), 10_000);
  expect(await program.stop()).toBe(0);
});
