import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { assertRoom, lackOfRoom } from '../../src/cli/deploy/room.ts';

test.each([
  [800_000_000, 100_000_000, undefined],
  [799_000_000, 100_000_000, '799 MB are free and 800 MB are needed'],
  [0, 1, '0 MB are free and 1 MB are needed'],
])('%d bytes for an archive of %d', (free, archive, words) => expect(lackOfRoom(free, archive)).toBe(words));

test('an archive that would fill the disk is refused before anything is unpacked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-room-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const archive = join(folder, 'textops.tar.gz');
  await writeFile(archive, '');
  expect(await assertRoom(folder, archive)).toBeUndefined();
  // A file with a hole takes no room of its own.
  await truncate(archive, 8 * 1024 ** 4);
  await expect(assertRoom(folder, archive)).rejects.toThrow(
    /are needed at \S+ for textops\.tar\.gz; nothing was changed\./,
  );
  // That there is none is said by whoever would unpack it.
  expect(await assertRoom(folder, join(folder, 'none'))).toBeUndefined();
});
