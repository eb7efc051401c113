import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { STATE_MACHINE_FILE, stateMachineDoc } from '../../tools/state-machine-doc.ts';

test('docs/state-machine.md says what the table in the code says', async () => {
  expect(await readFile(STATE_MACHINE_FILE, 'utf8')).toBe(stateMachineDoc());
});
