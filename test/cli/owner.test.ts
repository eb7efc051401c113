import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownerOf } from '../../src/cli/deploy/owner.ts';

const root = process.getuid?.() === 0;
const unlessRoot = root ? '' : ' (skipped: we are not root)';

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'textops-owner-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
};

test('what belongs to whoever asks is done as they are', async () => {
  expect(ownerOf(await folder())).toEqual({});
});

test.skipIf(!root)(`root does what is done in somebody's folder as that somebody${unlessRoot}`, async () => {
  const theirs = await folder();
  await chown(theirs, 65_534, 65_533);
  expect(ownerOf(theirs)).toEqual({ uid: 65_534, gid: 65_533 });
});
