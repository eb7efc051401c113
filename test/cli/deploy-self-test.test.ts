import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ofRelease } from '../../src/cli/deploy/of-release.ts';
import { type Place, placeAt } from '../../src/cli/deploy/place.ts';
import { provesItself } from '../../src/cli/deploy/self-test.ts';

/** An installation with one release that answers every command in this way. */
const answering = async (script: string): Promise<Place> => {
  const place = placeAt(await mkdtemp(join(tmpdir(), 'textops-place-')));
  onTestFinished(() => rm(place.prefix, { recursive: true }));
  await mkdir(join(place.releases, 'A', 'bin'), { recursive: true });
  await mkdir(place.shared);
  await writeFile(join(place.releases, 'A', 'bin', 'textops.js'), script);
  return place;
};

test('a command of a release is called in the shared folder, with all that it says', async () => {
  const place = await answering(
    'console.log(process.cwd(), ...process.argv.slice(2)); console.error("\\nwhy"); process.exitCode = 3;',
  );
  expect(await ofRelease(place, 'A', ['db', 'check'])).toEqual({
    code: 3,
    lines: [`${place.shared} db check`, 'why'],
    stdout: `${place.shared} db check\n`,
  });
});

test.each([
  ['is done', 'process.exit(0)', {}],
  [
    'was not tried, because somebody has stopped the queue',
    'console.error("Nothing was tested: the queue is paused by Ana."); process.exit(4)',
    { remark: 'Nothing was tested: the queue is paused by Ana.' },
  ],
  ['is unknown to an older release', 'process.exit(2)', { remark: 'A is older than the self-test.' }],
  [
    'failed',
    'console.log("The self-test ABC123 failed: no."); process.exit(8)',
    { trouble: 'The self-test ABC123 failed: no' },
  ],
  [
    'had no end',
    'console.log("No worker took it."); console.error("later"); process.exit(10)',
    { trouble: 'No worker took it' },
  ],
  ['died', 'process.kill(process.pid, "SIGKILL")', { trouble: 'exit 1' }],
])('a self-test that %s is judged by its exit', async (_what, script, outcome) => {
  expect(await provesItself(await answering(script), 'A', 1500)).toEqual(outcome);
});

test('a self-test is given what is left of the gate, in whole seconds', async () => {
  const place = await answering('console.log(process.argv.slice(2).join(" ")); process.exit(8)');
  expect(await provesItself(place, 'A', 12_001)).toEqual({ trouble: 'selftest --quiet --wait 13s' });
});
