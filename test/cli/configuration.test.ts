import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explainVariables } from '../../src/cli/commands/config-explain.ts';
import { readConfiguration } from '../../src/cli/configuration.ts';
import { readEnvironment } from '../../src/cli/environment.ts';
import { cliBench } from './cli-bench.ts';

const flags = { json: false, color: true, quiet: false };
const token = `123456789:${'A'.repeat(36)}`;

describe('where a value comes from', () => {
  test('a flag wins over the environment, and that over .env, even when it is empty', async () => {
    const { cwd } = await cliBench();
    await writeFile(
      join(cwd, '.env'),
      'HTTP_PORT=1\nLOG_LEVEL=warn\nDATABASE_URL=file:./a.db\nPUBLIC_URL=https://a.b\n',
    );
    const env = { HTTP_PORT: '2', DATABASE_URL: 'file:./b.db', PUBLIC_URL: '' };
    const read = readEnvironment({ env, cwd }, { ...flags, db: 'file:./c.db' });
    expect(read.values).toEqual({
      HTTP_PORT: '2',
      LOG_LEVEL: 'warn',
      DATABASE_URL: 'file:./c.db',
      PUBLIC_URL: '',
    });
    expect(read.sources).toEqual({
      HTTP_PORT: 'env',
      LOG_LEVEL: '.env',
      DATABASE_URL: 'flag',
      PUBLIC_URL: 'env',
    });
  });

  test('a file of variables that was asked for must be there', async () => {
    const { textops } = await cliBench();
    expect(await textops('check', '--env-file', 'no.env')).toEqual({
      code: 78,
      out: '',
      err: 'no.env: cannot be read (ENOENT)\n',
    });
  });

  test('config explain names it, and shows no secret', async () => {
    const { cwd, run } = await cliBench();
    await writeFile(join(cwd, '.env'), `TELEGRAM_BOT_TOKEN=${token}\n`);
    await writeFile(
      join(cwd, 'textops.yaml'),
      'jobs:\n  backup: { command: [./backup.sh] }\nops: { ping: "https://hc-ping.com/AAAA-id" }\n',
    );
    const env = { DATABASE_URL: 'postgres://me:hunter2@db1/textops?sslpassword=hunter3' };
    const { code, out } = await run(['config', 'explain', '--config', './textops.yaml'], { env });
    expect(code).toBe(0);
    expect(out).toContain('TELEGRAM_BOT_TOKEN\tset (46 chars)\t.env\n');
    expect(out).toContain('DATABASE_URL\tpostgres://me:***@db1/textops?sslpassword=***\tenv\n');
    expect(out).toContain('TEXTOPS_CONFIG\t./textops.yaml\tflag\n');
    expect(out).toContain('HTTP_PORT\t5048\tdefault\n');
    expect(out).toContain('jobs\tbackup\tfile\n');
    expect(out).toContain('ops.chat\t\tdefault\n');
    expect(out).toContain('ops.ping\tset (hc-ping.com)\tfile\n');
    expect(out).toContain('otel.trace_mode\tone\tdefault\n');
    expect(out).not.toMatch(/AAAA|hunter/);
  });

  test('every variable is explained, also the ones that are not set', () => {
    const rows = explainVariables({ values: { LOG_FORMAT: '  ' }, sources: { LOG_FORMAT: 'env' } });
    expect(rows).toContainEqual({ name: 'LOG_FORMAT', value: '', source: 'default' });
    expect(rows).toContainEqual({ name: 'SLACK_BOT_TOKEN', value: '', source: 'default' });
  });
});

describe('the configuration', () => {
  test('paths are meant from the folder of the command', async () => {
    const { cwd } = await cliBench();
    const { settings, config } = await readConfiguration({ values: {}, cwd, fileNamed: false });
    expect(settings.database).toEqual({ dialect: 'sqlite', file: join(cwd, 'data/textops.db') });
    expect(config).toMatchObject({
      source: 'sample',
      file: join(cwd, 'textops.yaml'),
      fileName: 'textops.yaml',
    });
  });

  test('TOML is read as well', async () => {
    const { cwd } = await cliBench();
    await writeFile(join(cwd, 'ops.toml'), '[jobs.backup]\ncommand = ["./backup.sh"]\n');
    const { config } = await readConfiguration({
      values: { TEXTOPS_CONFIG: 'ops.toml' },
      cwd,
      fileNamed: false,
    });
    expect(config.catalog.jobs.map(({ key }) => key)).toEqual(['backup']);
  });

  test('samples never stand in for a file that somebody meant', async () => {
    const { run } = await cliBench();
    const check = (env: Record<string, string>) => run(['check'], { env });
    expect(await check({})).toMatchObject({ code: 0, err: '' });
    // As .env.example spells it.
    expect(await check({ TEXTOPS_CONFIG: './textops.yaml' })).toMatchObject({ code: 0, err: '' });
    expect((await check({ TEXTOPS_PROFIL: 'production' })).err).toContain('did you mean "TEXTOPS_PROFILE"?');
    for (const command of ['check', 'start', 'worker']) {
      expect(await run([command], { env: { TEXTOPS_CONFIG: 'ops.yaml' } })).toEqual({
        code: 78,
        out: '',
        err: 'ops.yaml is missing; TEXTOPS_CONFIG names it\n',
      });
    }
  });

  test('a variable of .env names the file as well', async () => {
    const { cwd, textops } = await cliBench();
    await writeFile(join(cwd, '.env'), 'TEXTOPS_CONFIG=ops/textops.yaml\n');
    expect(await textops('check')).toMatchObject({
      code: 78,
      err: 'ops/textops.yaml is missing; TEXTOPS_CONFIG names it\n',
    });
  });

  test('outside dev there are no samples', async () => {
    const { run } = await cliBench();
    for (const command of ['check', 'start', 'worker']) {
      expect(await run([command], { env: { TEXTOPS_PROFILE: 'production' } })).toEqual({
        code: 78,
        out: '',
        err:
          'textops.yaml is missing; write your jobs and people into it (textops.example.yaml shows how), ' +
          'the samples are for dev only\n',
      });
    }
  });

  test('a file that cannot be read is one problem among the others', async () => {
    const { run, cwd } = await cliBench();
    const { code, err } = await run(['check', '--config', '.'], { env: { HTTP_PORT: 'x' } });
    expect(code).toBe(78);
    expect(err).toContain('HTTP_PORT: ');
    expect(err).toContain('cannot be read (EISDIR)');
    expect(err).not.toContain(`${cwd}/.`);
  });
});
