import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { checkDatabase, judgeClock } from '../../src/cli/doctor/check-database.ts';
import { judgeGuard } from '../../src/cli/doctor/check-guard.ts';
import { checkDisk, checkNode, checkSqlite, judgeDisk } from '../../src/cli/doctor/check-host.ts';
import { checkOidc } from '../../src/cli/doctor/check-oidc.ts';
import { checkPort } from '../../src/cli/doctor/check-port.ts';
import { checkTelegram } from '../../src/cli/doctor/check-telegram.ts';
import { oidcIssuer } from '../fakes/oidc-issuer.ts';
import { freePort } from '../free-port.ts';
import { cliBench, databaseFile } from './cli-bench.ts';
import { answerJson, loopback } from './loopback.ts';

const token = `123456789:${'A'.repeat(36)}`;

describe('textops doctor', () => {
  test('tells line by line what it found, and 0 when nothing is broken', async () => {
    const { run, textops } = await cliBench();
    await textops('migrate');
    const { code, out, err } = await run(['doctor'], { env: { HTTP_PORT: '0' } });
    expect({ code, err }).toEqual({ code: 0, err: 'Nothing is broken.\n' });
    expect(out.trimEnd().split('\n')).toEqual(
      [
        'node',
        'sqlite module',
        'config',
        'database',
        'schema',
        'clock',
        'history',
        'seal key',
        'seals',
        'disk',
        'port',
        'job guard',
      ].map((what) => expect.stringMatching(new RegExp(`^[✔⚠] ${what}: `))),
    );
  });

  test('reports a broken configuration among the rest, with 1', async () => {
    const { cwd, textops } = await cliBench();
    await writeFile(join(cwd, 'textops.yaml'), 'jbos: {}\nzzz: 1\n');
    const { code, out, err } = await textops('doctor');
    expect(code).toBe(1);
    // Two problems, found by one check.
    expect(err).toBe('1 of 3 checks failed.\n');
    expect(out).toContain('✔ node: ');
    expect(out).toContain('✖ config: textops.yaml:1:1 jbos: unknown key; did you mean "jobs"? → ');
  });

  test('never shows the token', async () => {
    const { run } = await cliBench();
    const api = await loopback((_, response) => answerJson(response, { ok: false, error_code: 401 }, 401));
    const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: api.url, HTTP_PORT: '0' };
    for (const more of [[], ['--json']]) {
      const { code, out, err } = await run(['doctor', ...more], { env });
      expect(code).toBe(1);
      expect(out).toContain('the token is refused (401)');
      expect(out + err).not.toContain('AAAA');
    }
  });
});

describe('the machine', () => {
  test('an old Node', () => {
    expect(checkNode('22.17.9').state).toBe('bad');
    expect(checkNode('22.18.0').state).toBe('ok');
    expect(checkNode('24.0.0').state).toBe('ok');
  });

  test('tells what holds the processes of jobs, and what would hold them better', () => {
    expect(judgeGuard({ level: 'namespace' })).toMatchObject({ state: 'ok' });
    const guardian = judgeGuard({ level: 'guardian', lacks: 'install util-linux' });
    expect(guardian).toMatchObject({ state: 'ok', cure: 'for a namespace: install util-linux' });
    expect(judgeGuard({ level: 'group', lacks: 'no sh' })).toMatchObject({ state: 'warning', cure: 'no sh' });
  });

  test('a SQLite that is too old or does not load', async () => {
    expect(await checkSqlite(async () => '3.51.2')).toMatchObject({ state: 'bad', cure: 'run npm ci' });
    expect(await checkSqlite(async () => '3.51.3')).toMatchObject({ state: 'ok' });
    const broken = await checkSqlite(() => Promise.reject(new Error('wrong ELF class\nand a stack')));
    expect(broken).toMatchObject({ state: 'bad', words: 'does not load: wrong ELF class' });
  });

  test('a disk that fills up', async () => {
    expect(judgeDisk(199, '/data')).toMatchObject({ state: 'bad', words: '199 MB free at /data' });
    expect(judgeDisk(999, '/data').state).toBe('warning');
    expect(judgeDisk(20_000, '/data')).toMatchObject({ state: 'ok', words: '20 GB free at /data' });
    const { cwd } = await cliBench();
    const found = await checkDisk({ dialect: 'sqlite', file: join(cwd, 'not/yet/there.db') }, '/');
    expect(found.words).toContain(cwd);
  });
});

describe('the database', () => {
  test('one that does not exist yet is no fault, and is not made', async () => {
    const { cwd } = await cliBench();
    const database = { dialect: 'sqlite', file: databaseFile(cwd) } as const;
    expect(await checkDatabase(database, Date.now)).toMatchObject([{ state: 'ok' }]);
    expect(await checkDatabase(database, Date.now)).toMatchObject([{ state: 'ok' }]);
    expect(await checkDatabase({ dialect: 'sqlite', file: ':memory:' }, Date.now)).toMatchObject([
      { state: 'warning' },
    ]);
  });

  test('one that is behind, one that is ahead, one that is none', async () => {
    const { cwd, textops } = await cliBench();
    const check = (name: string) => checkDatabase({ dialect: 'sqlite', file: join(cwd, name) }, Date.now);
    await writeFile(join(cwd, 'empty.db'), '');
    expect(await check('empty.db')).toMatchObject([{ state: 'ok' }, { cure: 'run npx textops migrate' }]);
    await textops('migrate', '--db', 'file:ahead.db');
    const db = new Database(join(cwd, 'ahead.db'));
    db.prepare("insert into schema_migrations values ('9999_later', 'x', 0)").run();
    db.close();
    expect(await check('ahead.db')).toMatchObject([
      { state: 'bad', words: expect.stringContaining('newer') },
    ]);
    await writeFile(join(cwd, 'junk.db'), 'junk'.repeat(2000));
    expect(await check('junk.db')).toMatchObject([{ state: 'bad', cure: 'check DATABASE_URL' }]);
  });

  test('clocks that disagree', () => {
    expect(judgeClock(1_500, 1_000, 2_000).state).toBe('ok');
    expect(judgeClock(3_900, 1_000, 2_000).state).toBe('ok');
    expect(judgeClock(4_100, 1_000, 2_000)).toMatchObject({
      state: 'bad',
      words: expect.stringContaining('2.10 s ahead of'),
    });
    expect(judgeClock(-1_500, 1_000, 2_000)).toMatchObject({
      words: expect.stringContaining('2.50 s behind'),
    });
  });
});

describe('the port', () => {
  const host = '127.0.0.1';

  test('free, or left to the system', async () => {
    expect(await checkPort({ host, port: 0 })).toMatchObject({ state: 'ok' });
    const port = await freePort();
    expect(await checkPort({ host, port })).toMatchObject({ state: 'ok', words: `${port} is free` });
  });

  test('held by ours', async () => {
    const health = { status: 'ok', database: 'ok', queue: 'ok' };
    const well = await loopback((_, response) => answerJson(response, health));
    expect(await checkPort({ host, port: well.port })).toMatchObject({ state: 'ok' });
    const ill = await loopback((_, response) => answerJson(response, { ...health, status: 'down' }, 503));
    expect(await checkPort({ host, port: ill.port })).toMatchObject({
      state: 'warning',
      words: expect.stringContaining('health down'),
    });
  });

  test('held by somebody else, or not ours to take', async () => {
    const other = await loopback((_, response) => response.end('<html>hello</html>'));
    expect(await checkPort({ host, port: other.port })).toMatchObject({ state: 'bad' });
    expect(await checkPort({ host: '192.0.2.1', port: 5048 })).toMatchObject({
      state: 'bad',
      words: expect.stringContaining('EADDRNOTAVAIL'),
    });
  });
});

describe('Telegram', () => {
  const bot = (webhook: string, more: object = {}) =>
    loopback((request, response) =>
      answerJson(response, {
        ok: true,
        result: request.url?.endsWith('/getMe') ? { username: 'acme_ops_bot' } : { url: webhook, ...more },
      }),
    );

  test('a token that works and is ours alone', async () => {
    const { url } = await bot('');
    expect(await checkTelegram({ token, apiRoot: url }, undefined)).toMatchObject({
      state: 'ok',
      words: 'getMe @acme_ops_bot',
    });
  });

  const OURS = 'https://ops.example.com';
  const HOOK = `${OURS}/webhooks/telegram`;

  test.each([
    ['set', HOOK, {}, 'ok', 'getMe @acme_ops_bot, webhook set'],
    ['not yet', '', {}, 'ok', 'getMe @acme_ops_bot, no webhook yet; npx textops start sets it'],
    [
      'of somebody else',
      'https://elsewhere.example/x',
      {},
      'warning',
      'a webhook of elsewhere.example receives',
    ],
    ['on another path', `${OURS}/other`, {}, 'warning', 'a webhook of ops.example.com receives'],
    [
      'that is not reached',
      HOOK,
      { pending_update_count: 3, last_error_message: 'Connection refused' },
      'warning',
      'does not reach its webhook, and 3 updates wait (Connection refused)',
    ],
    ['that was not reached once', HOOK, { last_error_message: 'Connection refused' }, 'ok', 'webhook set'],
  ])('a webhook %s', async (_what, at, more, state, words) => {
    const { url } = await bot(at, more);
    const telegram = { token, apiRoot: url, webhookSecret: 'x' };
    const found = await checkTelegram(telegram, OURS);
    expect(found).toMatchObject({ state, words: expect.stringContaining(words) });
  });

  test('a webhook that Telegram would refuse', async () => {
    const { url } = await bot('');
    const telegram = { token, apiRoot: url, webhookSecret: 'x' };
    expect(await checkTelegram(telegram, 'http://127.0.0.1:5048')).toMatchObject({
      state: 'warning',
      words: expect.stringContaining('https only'),
    });
  });

  test('a webhook while it would rather poll', async () => {
    const ours = await bot(HOOK);
    expect(await checkTelegram({ token, apiRoot: ours.url }, OURS)).toMatchObject({
      state: 'ok',
      words: expect.stringContaining('the next npx textops start ends it'),
    });
    const { url } = await bot('https://elsewhere.example/x');
    expect(await checkTelegram({ token, apiRoot: url }, undefined)).toMatchObject({
      state: 'warning',
      words: expect.stringContaining('elsewhere.example'),
    });
  });

  test('nobody there, or nobody who speaks its language', async () => {
    const nowhere = await checkTelegram(
      { token, apiRoot: `http://127.0.0.1:${await freePort()}` },
      undefined,
    );
    expect(nowhere).toMatchObject({ state: 'bad', words: expect.stringContaining('cannot be reached') });
    const { url } = await loopback((_, response) => answerJson(response, { hello: 'world' }));
    const strange = await checkTelegram({ token, apiRoot: url }, undefined);
    expect(strange.words).toContain("answers that are not Telegram's");
    expect(JSON.stringify([nowhere, strange])).not.toContain('AAAA');
  });
});

describe('the identity provider', () => {
  const check = (issuer: string) => checkOidc({ issuer, audience: 'textops' });

  test('is asked for its keys', async () => {
    const issuer = await oidcIssuer();
    expect(await check(issuer.url)).toMatchObject({ state: 'ok', words: `${issuer.url}, 1 key` });
    issuer.useKeys();
    expect(await check(issuer.url)).toMatchObject({
      state: 'bad',
      words: expect.stringContaining('no key'),
    });
  });

  test('is bad when it is away, in trouble, or somebody else', async () => {
    const issuer = await oidcIssuer();
    expect((await check(`${issuer.url}/`)).words).toContain(`is about "${issuer.url}", not ${issuer.url}/`);
    issuer.answerWith('trouble');
    expect(await check(issuer.url)).toMatchObject({
      state: 'bad',
      words: expect.stringContaining('answers 500'),
      cure: expect.stringContaining('OIDC_ISSUER'),
    });
    expect((await check('http://127.0.0.1:1')).words).toBe('127.0.0.1:1 cannot be reached');
  });

  test('stands in the report when it is set, and must be behind https', async () => {
    const { run } = await cliBench();
    const issuer = await oidcIssuer();
    const env = { OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'textops', HTTP_PORT: '0' };
    expect((await run(['doctor'], { env })).out).toContain(`✔ identity provider: ${issuer.url}, 1 key`);
    const plain = await run(['doctor'], { env: { ...env, OIDC_ISSUER: 'http://id.example' } });
    expect(plain).toMatchObject({
      code: 1,
      out: expect.stringContaining('OIDC_ISSUER: http is for loopback'),
    });
  });
});
