import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepConfig, keptConfigs } from '../../src/cli/deploy/configs.ts';
import { type Entry, note, readLedger } from '../../src/cli/deploy/ledger.ts';
import { placeAt } from '../../src/cli/deploy/place.ts';
import { cliBench } from './cli-bench.ts';

const GOOD = 'jobs: { hi: { demo: {} } }\n';
const EDITED = 'jobs: { hi: { demo: {} }, ho: { demo: {} } }\n';

const entry = (minutesAgo: number, configHash: string | null, more: Partial<Entry> = {}): Entry => ({
  at: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
  who: 'ana',
  action: 'deploy',
  from: null,
  to: 'A',
  result: 'healthy',
  reason: null,
  seconds: 1,
  configHash,
  ...more,
});

/** An installation whose release says yes or no to a file, and whose instance, if it serves, takes a file or does not. */
const installed = async (p: { serves?: 'taking' | 'deaf'; preflight?: string } = {}) => {
  const place = placeAt(await mkdtemp(join(tmpdir(), 'textops-place-')));
  onTestFinished(() => rm(place.prefix, { recursive: true }));
  const bin = join(place.releases, 'A', 'bin');
  const file = join(place.shared, 'textops.yaml');
  const calls = join(place.prefix, 'calls');
  await mkdir(bin, { recursive: true });
  await mkdir(place.shared);
  await writeFile(
    join(bin, 'textops.js'),
    `const args = process.argv.slice(2);\nrequire('node:fs').appendFileSync(${JSON.stringify(calls)}, JSON.stringify(args) + '\\n');\n` +
      `if (args[0] === 'preflight') { ${p.preflight ?? ''} }\n`,
  );
  await symlink(join('releases', 'A'), place.current);
  await writeFile(file, EDITED);
  const server = createServer((_request, response) => {
    const text = readFileSync(file, 'utf8');
    const config_hash = p.serves === 'taking' && text === GOOD ? 'good' : 'edited';
    response.end(JSON.stringify({ status: 'ok', database: { status: 'ok' }, config_hash }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // An address of TCP, since that is what it listens on.
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());
  if (p.serves === undefined) await new Promise((resolve) => server.close(resolve));
  await writeFile(join(place.shared, '.env'), `HTTP_PORT=${port}\n`);
  const { textops } = await cliBench();
  return {
    place,
    file,
    present: () => readFile(file, 'utf8'),
    keep: (hash: string, text: string) => keepConfig(place, hash, { file, text }),
    enter: (...entries: readonly Entry[]) =>
      entries.reduce((before, one) => before.then(() => note(place.ledger, one)), Promise.resolve()),
    back: (...more: readonly string[]) =>
      textops('rollback', '--config-only', '--prefix', place.prefix, '--gate', '4s', ...more),
    last: async () => (await readLedger(place.ledger)).at(-1),
    called: async () =>
      (await readFile(calls, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string[]),
  };
};

test('the file is put back as it was when all was well, and the instance takes it', async () => {
  const { keep, enter, back, present, last, called, file, place } = await installed({ serves: 'taking' });
  await chmod(file, 0o640);
  await keep('aaa', GOOD);
  await enter(entry(60, 'aaa'));
  expect(await back()).toMatchObject({ code: 0, out: 'The configuration aaa is back.\n' });
  expect(await present()).toBe(GOOD);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(await last()).toMatchObject({
    action: 'config',
    from: 'A',
    to: 'A',
    result: 'healthy',
    configHash: 'aaa',
  });
  const [first, second] = await called();
  expect(first).toEqual(['preflight', '--offline', '--config', join(place.shared, 'textops.next.yaml')]);
  expect(second?.slice(0, 2)).toEqual(['release', 'tell']);
  expect(JSON.parse(second?.[2] ?? '')).toMatchObject({
    action: 'config',
    phase: 'healthy',
    to: 'aaa',
    from: null,
  });
  expect(existsSync(join(place.shared, 'textops.next.yaml'))).toBe(false);
});

test('a configuration that would not start is not put there', async () => {
  const why = "console.error('✖ job hi: hi is not there'); process.exit(78);";
  const { keep, enter, back, present, last, place } = await installed({ serves: 'taking', preflight: why });
  await keep('aaa', GOOD);
  await enter(entry(60, 'aaa'));
  const { code, out, err } = await back();
  expect([code, err]).toEqual([4, '✖ job hi: hi is not there\n']);
  expect(out).toContain('would not start here');
  expect(await present()).toBe(EDITED);
  expect(await readdir(place.shared)).toEqual(['.env', 'textops.yaml']);
  expect(await last()).toMatchObject({ result: 'refused', reason: '✖ job hi: hi is not there' });
});

test('one that the instance does not take is taken away again', async () => {
  const { keep, enter, back, present, last } = await installed({ serves: 'deaf' });
  await keep('aaa', GOOD);
  await enter(entry(60, 'aaa'));
  expect(await back()).toMatchObject({ code: 1, out: expect.stringContaining('was not taken') });
  expect(await present()).toBe(EDITED);
  expect(await last()).toMatchObject({ result: 'returned', reason: 'textops.yaml was not taken within 4 s' });
});

test('where the present file is broken, what runs may have the old one all the time', async () => {
  const { keep, enter, back, present, file } = await installed({ serves: 'deaf' });
  await writeFile(file, 'jobs: [\n');
  await keep('aaa', GOOD);
  await enter(entry(60, 'aaa'));
  expect(await back()).toMatchObject({ code: 0 });
  expect(await present()).toBe(GOOD);
});

test('where nobody serves, the file waits for the next start', async () => {
  const { keep, enter, back, present } = await installed();
  await keep('aaa', GOOD);
  await enter(entry(60, 'aaa'));
  expect(await back()).toMatchObject({
    code: 0,
    out: 'The configuration aaa is back. Nobody serves at the moment; the next start reads it.\n',
  });
  expect(await present()).toBe(GOOD);
});

test('there has to be something to go back to', async () => {
  const { keep, enter, back, present } = await installed();
  const nothing = 'The ledger names no configuration with a copy that differs from the present one.\n';
  expect(await back()).toMatchObject({ code: 4, err: nothing });
  // A copy of what is there already, and an entry whose copy is gone, are nothing.
  await keep('bbb', EDITED);
  await enter(entry(60, 'bbb'), entry(30, 'ccc'), entry(20, null));
  expect(await back()).toMatchObject({ code: 4, err: nothing });
  expect(await back('--to', 'ccc')).toMatchObject({
    code: 3,
    err: 'There is no copy of a configuration ccc; there is: bbb.\n',
  });
  expect(await present()).toBe(EDITED);
});

test('without a release there is nobody to take it', async () => {
  const { place, back } = await installed();
  await rm(place.current);
  expect(await back()).toMatchObject({ code: 4, err: `No release runs at ${place.prefix}.\n` });
});

test('what was good for ten minutes goes before what merely served', async () => {
  const { keep, enter, back, present } = await installed();
  const older = 'jobs: { older: { demo: {} } }\n';
  const newer = 'jobs: { newer: { demo: {} } }\n';
  await keep('older', older);
  await keep('newer', newer);
  await enter(entry(60, 'older'), entry(8, 'newer', { from: 'A', stood: 'known_good' }), entry(3, null));
  expect(await back()).toMatchObject({ code: 0 });
  expect(await present()).toBe(older);
  expect(await back('--to', 'newer')).toMatchObject({ code: 0 });
  expect(await present()).toBe(newer);
});

test('copies are for the eyes of whoever deploys, and the newest text of a hash counts', async () => {
  const { keep, place, file } = await installed();
  await keep('aaa', GOOD);
  await keep('aaa', `# the same\n${GOOD}`);
  await keepConfig(place, 'samples', { file });
  expect(statSync(place.configs).mode & 0o777).toBe(0o700);
  expect(statSync(join(place.configs, 'aaa.yaml')).mode & 0o777).toBe(0o600);
  expect([...(await keptConfigs(place, '.yaml'))]).toEqual([['aaa', `# the same\n${GOOD}`]]);
  expect([...(await keptConfigs(place, '.toml'))]).toEqual([]);
});
