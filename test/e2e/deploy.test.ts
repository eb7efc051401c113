import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logFile } from '../../src/cli/log-file.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { installation, wrongAt, wrongAtStart } from './installation.ts';
import { until } from './program.ts';

const says = async (url: string, body: string): Promise<unknown> =>
  (
    await fetch(`${url}/dev/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'ana', conversation: 'ops', body }),
    })
  ).json();

const runsAt = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/runs`);
  // The shape is the contract of this route.
  const { runs } = (await response.json()) as { runs: { jobKey: string }[] };
  return runs.filter(({ jobKey }) => jobKey === 'hello').length;
};

const jobsAt = async (url: string): Promise<readonly string[]> => {
  const { jobs } = (await (await fetch(`${url}/jobs`)).json()) as { jobs: { key: string }[] };
  return jobs.map(({ key }) => key);
};

describe('an installation', () => {
  test('is brought to a release, to the next one, and back, with everything in it', async () => {
    const { release, textops, url, current, ledger, place } = await installation();
    await writeFile(join(place.shared, 'textops.yaml'), 'jobs: { hello: { demo: {} } }\n');
    const [a, b] = [await release(), await release()];
    const first = await textops('deploy', a.file);
    expect([first.code, first.out]).toEqual([0, expect.stringMatching(`^${a.id} serves, after \\d`)]);
    await says(url, 'run hello');
    const second = await textops('deploy', b.file);
    expect(second.code).toBe(0);
    expect(second.err).toMatch(
      /Backup \S+textops-\S+\.db, restored beside and verified by the new release\./,
    );
    expect([current(), await runsAt(url)]).toEqual([b.id, 1]);
    // What was deployed with can be had back without anybody noticing.
    await writeFile(join(place.shared, 'textops.yaml'), 'jobs: { only: { demo: {} } }\n');
    await until(async () => (await jobsAt(url)).includes('only'), 15_000);
    expect(await textops('rollback', '--config-only')).toMatchObject({ code: 0 });
    expect(await jobsAt(url)).toContain('hello');
    const back = await textops('rollback');
    expect([back.code, back.out]).toEqual([0, expect.stringMatching(`^${a.id} serves, after `)]);
    expect([current(), await runsAt(url)]).toEqual([a.id, 1]);
    expect((await ledger()).map(({ action, to, result }) => [action, to, result])).toEqual([
      ['deploy', a.id, 'healthy'],
      ['deploy', b.id, 'healthy'],
      ['config', b.id, 'healthy'],
      ['rollback', a.id, 'healthy'],
    ]);
    expect(existsSync(place.lock)).toBe(false);
  });

  test.each([
    [
      'ends at once',
      "console.error('out of order'); process.exit(1);",
      'it ended by itself',
      '\n  out of order\n',
    ],
    [
      'never answers',
      'setInterval(() => undefined, 1000);',
      'it does not answer, 2 s after its start',
      'Its last lines:',
    ],
    [
      'answers and is not ready',
      "const { createServer } = await import('node:http');\n" +
        "const port = /HTTP_PORT=(\\d+)/.exec((await import('node:fs')).readFileSync('.env', 'utf8'))[1];\n" +
        "createServer((_, response) => response.writeHead(503).end('{}')).listen(Number(port), '127.0.0.1');",
      'it is not ready, 2 s after its start',
      'Its last lines:',
    ],
  ])('leaves a release that %s, for the one before it', async (_what, bin, why, last) => {
    const { release, textops, url, current, ledger } = await installation();
    const [a, b] = [await release(), await release(wrongAtStart(bin))];
    await textops('deploy', a.file);
    await says(url, 'run hello');
    const { code, out, err } = await textops('deploy', b.file, '--gate', '2s');
    expect([code, out]).toEqual([1, expect.stringMatching(`${a.id} serves again, after \\d`)]);
    expect(out).toContain(`${b.id} did not serve (${why})`);
    // Whoever reads that has its last words as well.
    expect(err).toContain(last);
    expect([current(), await runsAt(url)]).toEqual([a.id, 1]);
    expect((await ledger()).at(-1)).toMatchObject({ to: b.id, result: 'returned', reason: why });
    // What did not serve is not where a rollback goes.
    expect(await textops('rollback')).toMatchObject({
      code: 4,
      err: expect.stringContaining('names no other'),
    });
  });

  test('leaves a release that is ready and does no work, for the one before it', async () => {
    const { release, textops, url, current, ledger } = await installation();
    const idle = wrongAt(
      'selftest',
      "console.log('No worker took the self-test ABC123 within 2s.'); process.exit(10);",
    );
    const [a, b] = [await release(), await release(idle)];
    await textops('deploy', a.file);
    const { runs } = (await (await fetch(`${url}/runs`)).json()) as {
      runs: { jobKey: string; status: string }[];
    };
    expect(runs).toMatchObject([{ jobKey: 'textops.selftest', status: 'Succeeded' }]);
    expect(await textops('deploy', b.file)).toMatchObject({ code: 1 });
    expect(current()).toBe(a.id);
    const why = 'No worker took the self-test ABC123 within 2s';
    expect((await ledger()).at(-1)).toMatchObject({ to: b.id, result: 'returned', reason: why });
  });

  test('does not stop what runs for a release that says itself that it would not start', async () => {
    const { release, textops, url, current, place, ledger } = await installation();
    const [a, b] = [await release(), await release()];
    await textops('deploy', a.file);
    await writeFile(join(place.shared, 'textops.yaml'), 'jobs: { x: { command: ["./nowhere"] } }\n');
    const { code, err } = await textops('deploy', b.file);
    expect([code, err]).toEqual([4, expect.stringContaining('✖ job x: nowhere is not there')]);
    expect(err).not.toContain('Backup ');
    expect(current()).toBe(a.id);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await ledger()).at(-1)).toMatchObject({ to: b.id, result: 'refused' });
  });

  test('that was cut off between the switch and the start goes back, and nothing is lost', async () => {
    const { release, textops, begun, url, current, prefix, place } = await installation();
    const [a, b] = [await release(), await release()];
    await textops('deploy', a.file);
    await says(url, 'run hello');
    // Opening it waits for a reader: the deployment stands still after the switch and before the start.
    const log = join(prefix, 'process.log');
    await rm(log);
    execFileSync('mkfifo', [log]);
    const cut = begun('deploy', b.file);
    await until(() => current() === b.id, 30_000);
    cut.kill('SIGKILL');
    await until(() => cut.signalCode !== null, 5_000);
    await rm(log);
    expect(existsSync(place.lock)).toBe(true);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    const { code, err } = await textops('rollback');
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/was cut off here at .* \(deploys .*\); going on/),
    ]);
    expect([current(), await runsAt(url)]).toEqual([a.id, 1]);
    expect(await textops('deploy', b.file)).toMatchObject({ code: 0 });
    expect([current(), await runsAt(url)]).toEqual([b.id, 1]);
  });

  test('is changed by one at a time', async () => {
    const { release, textops, begun, current, prefix } = await installation();
    const a = await release();
    execFileSync('mkfifo', [join(prefix, 'process.log')]);
    const other = begun('deploy', a.file, '--message', 'the new quorum');
    await until(() => current() === a.id, 30_000);
    const { code, err } = await textops('rollback');
    expect([code, err]).toEqual([4, expect.stringMatching(/has been at it since .*: the new quorum\./)]);
    other.kill('SIGKILL');
  });

  test('keeps five releases', async () => {
    const { release, textops, place, current } = await installation();
    const old = [1, 2, 3, 4, 5, 6].map((day) => `2026-01-0${day}T1200Z-abcdef0`);
    for (const id of old) await mkdir(join(place.releases, id), { recursive: true });
    const { file, id } = await release();
    expect((await textops('deploy', file)).code).toBe(0);
    expect((await readdir(place.releases)).toSorted()).toEqual([...old.slice(2), id]);
    expect(current()).toBe(id);
  });
});

test('a bot never has two pollers, and nothing that is written to it meanwhile is lost', async () => {
  const fake = await startFakeTelegram({ quirks: false });
  const env = { TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url };
  const { release, textops, place, current } = await installation(env);
  await writeFile(
    join(place.shared, 'textops.yaml'),
    'jobs: { hello: { command: ["echo", "hi"] } }\npeople: { ana: { identities: ["telegram:1001"], roles: [operator] } }\n' +
      'ops: { chat: "telegram:1001" }\n',
  );
  const ana = fake.addUser({ firstName: 'Ana', id: 1001 });
  const [a, b] = [await release(), await release()];
  expect((await textops('deploy', a.file)).code).toBe(0);
  const change = textops('deploy', b.file);
  await until(() => !fake.isPolled(), 30_000);
  ana.tells('/whoami');
  expect((await change).code).toBe(0);
  expect(current()).toBe(b.id);
  // An answer to her, and one message for each of the two deployments.
  await until(() => fake.botMessages(1001).length === 3, 15_000);
  const told = fake.botMessages(1001).filter(({ text }) => text.startsWith('Release '));
  expect(told.map(({ text }) => text)).toEqual([
    expect.stringMatching(
      new RegExp(`^Release \\S+ \\(${a.id.slice(-7)}\\) serves, deployed by \\S+ in \\S+ s\\.$`),
    ),
    expect.stringMatching(
      new RegExp(
        `^Release \\S+ \\(${b.id.slice(-7)}\\) serves, .* before that \\S+ \\(${a.id.slice(-7)}\\)\\.$`,
      ),
    ),
  ]);
  const log = await readFile(logFile(place.shared), 'utf8');
  expect([...log.matchAll(/"event":"(release\.\w+)"/g)].map(([, event]) => event)).toEqual([
    'release.started',
    'release.healthy',
    'release.started',
    'release.healthy',
  ]);
  expect(fake.calls('getUpdates').filter(({ answer }) => answer?.error_code === 409)).toEqual([]);
  await fake.close();
});
