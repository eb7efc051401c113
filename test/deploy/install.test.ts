import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AS_SHIPPED, compare, faultOf, unitFor } from '../../src/cli/install/unit.ts';
import { cliBench } from '../cli/cli-bench.ts';

const FOLDER = fileURLToPath(new URL('../../deploy/systemd/', import.meta.url));
const UNITS = readdirSync(FOLDER);
const shipped = (unit: string): string => readFileSync(join(FOLDER, unit), 'utf8');
const site = { prefix: '/srv/bots/textops', node: process.execPath, user: 'bot' };

describe('a unit for another place', () => {
  test.each(UNITS)('%s names nothing of the place that it was shipped for', (unit) => {
    const text = unitFor(shipped(unit), site);
    for (const old of [AS_SHIPPED.prefix, AS_SHIPPED.node]) expect(text).not.toContain(old);
    expect(text.match(/^(?:User|Group)=(?!bot(?:-worker)?$)/gm)).toBeNull();
    // Whatever is not about the place is as it was shipped.
    const settings = (of: string): number => of.split('\n').filter((line) => /^[A-Z]\w+=/.test(line)).length;
    expect(settings(text)).toBe(settings(shipped(unit)));
  });

  test('has the paths and the users of that place', () => {
    const worker = unitFor(shipped('textops-worker@.service'), site);
    expect(worker).toContain('\nUser=bot-worker\nGroup=bot\nWorkingDirectory=/srv/bots/textops/shared\n');
    expect(worker).toContain(
      `\nExecStart=${process.execPath} --max-semi-space-size=8 /srv/bots/textops/current/bin/textops.js worker --env-file /srv/bots/textops/worker.env\n`,
    );
    expect(worker).toContain('\nPartOf=textops.service\n');
  });
});

test.each([
  ['a relative prefix', { prefix: 'textops' }, 'is no absolute path'],
  ['a prefix that systemd would read as something else', { prefix: '/srv/a b' }, 'is no absolute path'],
  ['a percent sign', { prefix: '/srv/%i' }, 'is no absolute path'],
  ['a prefix in a home', { prefix: '/home/ana/textops' }, 'ProtectHome=yes hides it'],
  ['a Node in a home', { node: '/root/.nvm/node' }, 'ProtectHome=yes hides it'],
  ['a home itself', { prefix: '/root' }, 'ProtectHome=yes hides it'],
  ['a user that is none', { user: 'Ana Lee' }, 'no name for a user'],
])('%s is refused in one sentence', (_what, more, words) =>
  expect(faultOf({ ...site, ...more })).toContain(words),
);

test('what looks like a home is none', () =>
  expect(faultOf({ ...site, prefix: '/homes/textops' })).toBeUndefined());

test('a unit is known by its stamp, whatever release wrote it', () => {
  const wanted = unitFor('[Unit]\nDescription=new\n', site);
  const older = unitFor('[Unit]\nDescription=old\n', site);
  expect(compare(undefined, wanted)).toBe('missing');
  expect(compare(wanted, wanted)).toBe('same');
  expect(compare(older, wanted)).toBe('ours');
  expect(compare(older.replace('old', 'mine'), wanted)).toBe('changed');
  expect(compare('[Unit]\nDescription=old\n', wanted)).toBe('changed');
  expect(compare('', wanted)).toBe('changed');
});

const bench = async () => {
  const { cwd, textops, document } = await cliBench();
  const to = join(cwd, 'units');
  await mkdir(to);
  const args = ['install', '--systemd', '--to', to, '--prefix', site.prefix, '--user', 'bot'];
  return {
    to,
    install: (...more: readonly string[]) => textops(...args, '--node', process.execPath, ...more),
    document: () => document(...args, '--node', process.execPath),
    textops,
  };
};

test('all units are written, readable to everybody, and the second time there is nothing to do', async () => {
  const { to, install, document } = await bench();
  const { code, out, err } = await install();
  expect([code, err]).toEqual([0, expect.stringContaining('systemctl daemon-reload')]);
  expect(out).toBe(
    UNITS.toSorted()
      .map((unit) => `written   ${join(to, unit)}\n`)
      .join(''),
  );
  expect((await readdir(to)).toSorted()).toEqual(UNITS.toSorted());
  expect(statSync(join(to, 'textops.service')).mode & 0o777).toBe(0o644);
  expect((await install()).out).not.toContain('written');
  expect(await document()).toMatchObject({ data: UNITS.map(() => ({ written: false })) });
});

test('what a person changed is not written over, nor anything else, but with --force', async () => {
  const { to, install } = await bench();
  const file = join(to, 'textops.service');
  await writeFile(file, '[Service]\nMemoryMax=4G\n');
  expect(await install()).toMatchObject({
    code: 4,
    err: expect.stringContaining(`${file} was not written by`),
  });
  expect(await readdir(to)).toEqual(['textops.service']);
  expect(await readFile(file, 'utf8')).toContain('4G');
  expect(await install('--force')).toMatchObject({ code: 0 });
  expect(await readFile(file, 'utf8')).toContain(`WorkingDirectory=${site.prefix}/shared`);
});

test('a dry run prints them and writes nothing', async () => {
  const { to, install } = await bench();
  const { code, out } = await install('--dry-run');
  expect(code).toBe(0);
  for (const unit of UNITS) expect(out).toContain(`# ${join(to, unit)}\n# Written by textops install`);
  expect(await readdir(to)).toEqual([]);
});

test('a folder that cannot be written to, and no kind of unit, end in one sentence', async () => {
  const { install, textops } = await bench();
  expect(await install('--to', '/proc/none')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^\/proc\/none\/\S+ cannot be written \(E[A-Z]+\)\.\n$/),
  });
  expect(await install('--prefix', '/home/x')).toMatchObject({ code: 2 });
  expect(await textops('install')).toMatchObject({ code: 2, err: expect.stringContaining('--systemd') });
});

const systemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const unlessThere = systemd ? '' : ' (skipped: there is no systemd-analyze on this machine)';

test.skipIf(!systemd)(`systemd finds no fault with what was written${unlessThere}`, async () => {
  const { to, install } = await bench();
  await install();
  const files = UNITS.map((unit) => join(to, unit));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
