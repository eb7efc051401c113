import { expect, test } from 'vitest';
import { until } from './program.ts';
import { openTown } from './town.ts';
import { TOWN_YAML } from './town-yaml.ts';

const town = openTown({ yaml: `${TOWN_YAML}advisors: { risk: house }\n` });

const READ =
  'I read this as: run backup\nNothing is asked for yet. To ask for it, send that line or press its button.';
const UNKNOWN = /^I do not know "please"\. Try: /;

test('a clumsy request is read, pressed, decided and told; the file switches the reading off', async () => {
  const ops = town.group();
  ops.hears('ana', '@textops_bot please run the backup job');
  const read = await ops.shows(/^I read this as/);
  expect(read.text).toBe(READ);
  expect(read.buttons.flat()).toMatchObject([{ label: 'Ask to run backup', data: 'v1:rd:backup' }]);
  expect(await town.runs()).toEqual([]);
  await ops.presses('ana', read, 'Ask to run backup');
  const card = await ops.shows(/^⏳ Approval needed/);
  const runId = / · ([0-9A-Z]{6})/.exec(card.text)?.[1] ?? '';
  await ops.presses('bob', card, 'Approve');
  const { events } = await town.runThatIs(runId, 'Succeeded');
  expect(events.map(({ type, actor }) => `${type} ${actor.split(':')[0]}`)).toEqual([
    'RunCreated user',
    'AiParseUsed system',
    'ApprovalRequested system',
    'RunApproved user',
    'ExecutionDispatched system',
    'ExecutionStarted worker',
    'ExecutionSucceeded worker',
  ]);
  ops.hears('ana', `/summary ${runId}`);
  await ops.shows(new RegExp(`^backup ${runId} succeeded in .*: 4\\.1 GB written`));
  const home = town.home('ana');
  await home.asks('ana', 'run backup');
  const third = await home.asks('ana', 'run backup');
  expect(third.text).toContain('\n⚠️ unusual: third run today');
  await town.edit((yaml) => yaml.replace('risk: house', 'parse: off, risk: off'));
  await until(() => town.program.output().includes('reloaded'), 20_000);
  home.hears('ana', 'please run the backup job');
  await home.shows(UNKNOWN);
  const fourth = await home.asks('ana', 'run backup');
  expect(fourth.text).not.toContain('unusual');
});
