import { chmod, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ana, noon } from '../cast.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { linkBench } from './link-bench.ts';

const MINE = '# mine\nLOG_LEVEL=warn # quiet\n';
const LINK = /https:\/\/t\.me\/textops_bot\?start=claim_[\w-]{22}/;

const installed = async (more = '') => {
  const fake = await startFakeTelegram({ quirks: false });
  onTestFinished(fake.close);
  const bench = await linkBench(`${MINE}TELEGRAM_API_ROOT=${fake.url}\n${more}`);
  return { fake, ...bench, before: await bench.text() };
};

const setWebhook = (fake: { url: string; token: string }): Promise<Response> =>
  fetch(`${fake.url}/bot${fake.token}/setWebhook?url=https://other.example.org/hook`);

describe('textops link telegram', () => {
  test('keeps a good token beside what the file said, for its owner only, and says what is next', async () => {
    const { fake, link, text, mode, before } = await installed();
    const { code, out, err } = await link(['telegram'], [fake.token]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(await text()).toBe(`${before}TELEGRAM_BOT_TOKEN=${fake.token}\n`);
    expect(await mode()).toBe(0o600);
    expect(out).toMatch(/^✔ The token is good: @textops_bot; \.env has TELEGRAM_BOT_TOKEN now\.\n1\. Start/);
    expect(out).toContain('2. It prints a link;');
    expect(out).not.toContain(fake.token);
    // The menu is set at every start.
    expect(fake.calls().map(({ method }) => method.toLowerCase())).toEqual(['getme', 'getwebhookinfo']);
  });

  test('offers the bot to its first person as soon as there is a database, and to nobody afterwards', async () => {
    const { fake, link, run, inStore } = await installed();
    await inStore(async () => undefined);
    const first = await link(['telegram'], [fake.token]);
    expect(first.out).toMatch(LINK);
    await inStore((store) =>
      store.people.replaceFilePeople([{ ...ana, identities: ['telegram:1001'] }], noon).then(() => undefined),
    );
    const second = await link(['telegram'], [fake.token]);
    expect(second.out).not.toMatch(LINK);
    expect(second.out).toContain('Open https://t.me/textops_bot: whoever was known');
    expect((await run(['people'])).out).toContain('telegram:1001');
  });

  test('as a document without the token', async () => {
    const { fake, link, inStore } = await installed(`TELEGRAM_BOT_TOKEN=123:${'b'.repeat(35)}\n`);
    await inStore(async () => undefined);
    const { out, err } = await link(['telegram', '--json'], [fake.token]);
    expect(err).toBe('');
    expect(out).not.toContain(fake.token);
    expect(JSON.parse(out)).toEqual({
      schema: 'textops.link/v1',
      data: {
        channel: 'telegram',
        bot: 'textops_bot',
        claimLink: expect.stringMatching(LINK),
        tookOver: false,
        file: '.env',
        written: ['TELEGRAM_BOT_TOKEN'],
        replaced: ['TELEGRAM_BOT_TOKEN'],
        next: expect.any(Array),
      },
      warnings: [],
    });
  });

  test('another token is replaced where it stands, and only after that was said', async () => {
    const old = `123:${'b'.repeat(35)}`;
    const { fake, link, text, before } = await installed(`TELEGRAM_BOT_TOKEN=${old} # of Ana\nA=1\n`);
    const { code, err } = await link(['telegram'], [fake.token]);
    expect({ code, err }).toEqual({
      code: 0,
      err: '.env has another TELEGRAM_BOT_TOKEN: that is replaced now.\n',
    });
    expect(await text()).toBe(before.replace(old, fake.token));
  });

  test('a webhook of another program keeps its messages, unless they are taken over', async () => {
    const { fake, link, text, before } = await installed();
    await setWebhook(fake);
    const refused = await link(['telegram'], [fake.token]);
    expect(refused).toMatchObject({ code: 4, out: '' });
    expect(refused.err).toMatch(
      /^A webhook of other\.example\.org receives .*nothing changed\.\n.*--take-over\.\n$/,
    );
    expect(await text()).toBe(before);
    expect(fake.calls('deleteWebhook')).toEqual([]);
    const taken = await link(['telegram', '--take-over'], [fake.token]);
    expect(taken.code).toBe(0);
    expect(fake.calls('deleteWebhook')).toHaveLength(1);
    expect((await link(['telegram'], [fake.token])).code).toBe(0);
  });

  test('a webhook that cannot be taken away leaves the file as it was', async () => {
    const { fake, link, text, before, cwd } = await installed();
    await setWebhook(fake);
    fake.nextFault('deleteWebhook', { status: 502 });
    const { code } = await link(['telegram', '--take-over'], [fake.token]);
    expect(code).toBe(1);
    expect(await text()).toBe(before);
    expect(await readdir(cwd)).toEqual(['.env']);
  });

  test.each<[string, string, Record<string, string>, number, RegExp]>([
    [
      'of another shape',
      'hello',
      {},
      2,
      /^TELEGRAM_BOT_TOKEN: the value does not look right; expected NUMBER:/,
    ],
    [
      'that Telegram refuses',
      `99:${'z'.repeat(35)}`,
      {},
      4,
      /^The token is refused \(40[14]\); nothing changed/,
    ],
    ['of none', '', {}, 2, /^The answer to The token .* is missing; nothing changed/],
    [
      'where nobody answers',
      `99:${'z'.repeat(35)}`,
      { TELEGRAM_API_ROOT: 'http://127.0.0.1:9' },
      1,
      /^127\.0\.0\.1:9 cannot be reached; nothing changed\.\nCheck the network/,
    ],
    [
      'that the environment would overrule',
      `99:${'z'.repeat(35)}`,
      { TELEGRAM_BOT_TOKEN: 'x' },
      4,
      /^TELEGRAM_BOT_TOKEN: set in the environment, which wins/,
    ],
    ['in a broken configuration', `99:${'z'.repeat(35)}`, { HTTP_PORT: 'x' }, 78, /^HTTP_PORT/],
  ])('a token %s is one sentence and changes nothing', async (_, token, env, code, words) => {
    const { fake, link, text, before, cwd } = await installed();
    const answer = await link(['telegram'], [token], env);
    expect(answer).toMatchObject({ code, out: '', err: expect.stringMatching(words) });
    expect(answer.err).not.toContain(token || fake.token);
    expect(await text()).toBe(before);
    expect(await readdir(cwd)).toEqual(['.env']);
  });

  test('a database of another version is no reason to write anything', async () => {
    const { fake, link, text, before, cwd } = await installed();
    await writeFile(join(cwd, 'empty.db'), '');
    const answer = await link(['telegram', '--db', `file:${join(cwd, 'empty.db')}`], [fake.token]);
    expect(answer).toMatchObject({ code: 4, out: '' });
    expect(await text()).toBe(before);
  });

  test('never asks where nobody sits, and names the flag', async () => {
    const { run } = await installed();
    const tty = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });
    const screen = { write: () => true, isTTY: true };
    for (const more of [
      { stdin: tty(false), stdout: screen },
      { stdin: tty(true), stdout: { ...screen, isTTY: false } },
      { stdin: tty(true), stdout: screen, env: { CI: '1' } },
    ]) {
      const { code, err } = await run(['link', 'telegram'], more);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('--token-stdin') });
    }
    const { code } = await run(['link', 'telegram', '--no-input'], { stdin: tty(true), stdout: screen });
    expect(code).toBe(2);
  });

  test('on a terminal asks, and shows nothing of what is typed', async () => {
    const { fake, run, values } = await installed();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const shown: string[] = [];
    const screen = {
      isTTY: true,
      write: (words: string) => {
        shown.push(words);
        if (words.includes('BotFather')) stdin.write(`${fake.token}\r`);
        return true;
      },
    };
    const { code } = await run(['link', 'telegram'], { stdin, stdout: screen, stderr: screen });
    expect(code).toBe(0);
    expect((await values())['TELEGRAM_BOT_TOKEN']).toBe(fake.token);
    expect(shown.join('')).not.toContain(fake.token.slice(-8));
  });

  test('an end without an answer changes nothing', async () => {
    const { run, text, before } = await installed();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const screen = {
      isTTY: true,
      write: (words: string) => void (words.includes('BotFather') && stdin.end()),
    };
    expect((await run(['link', 'telegram'], { stdin, stdout: screen, stderr: screen })).code).toBe(2);
    expect(await text()).toBe(before);
  });

  test('a mode that somebody chose stays, and a link goes on leading to the file', async () => {
    const { fake, link, path, mode, cwd, run } = await installed();
    await chmod(path, 0o640);
    expect((await link(['telegram'], [fake.token])).code).toBe(0);
    expect(await mode()).toBe(0o640);
    await symlink(path, join(cwd, 'other.env'));
    const { stdin } = { stdin: Object.assign(new PassThrough()) };
    stdin.end(`${fake.token}\n`);
    const argv = ['link', 'telegram', '--token-stdin', '--env-file', 'other.env'];
    expect((await run(argv, { stdin })).out).toContain('other.env has TELEGRAM_BOT_TOKEN now');
    expect(
      (await readdir(cwd, { withFileTypes: true })).map((one) => [one.name, one.isSymbolicLink()]),
    ).toEqual([
      ['.env', false],
      ['other.env', true],
    ]);
  });

  test('a file that is not text is left alone', async () => {
    const { fake, run, cwd } = await installed();
    await writeFile(
      join(cwd, 'odd.env'),
      Buffer.concat([Buffer.from(`TELEGRAM_API_ROOT=${fake.url}\nA=`), Buffer.from([0xff])]),
    );
    const stdin = new PassThrough();
    stdin.end(`${fake.token}\n`);
    const answer = await run(['link', 'telegram', '--token-stdin', '--env-file', 'odd.env'], { stdin });
    expect(answer).toMatchObject({ code: 4, err: expect.stringContaining('cannot be edited without') });
  });
});
