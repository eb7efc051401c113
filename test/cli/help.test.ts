import { expect, test } from 'vitest';
import { EXAMPLES } from '../../src/cli/command-line/examples.ts';
import { cliBench } from './cli-bench.ts';

test.each(Object.keys(EXAMPLES))('"%s" --help shows three examples on stdout', async (command) => {
  const { run } = await cliBench();
  const words = command.split(' ').filter((word) => word !== '');
  const { code, out, err } = await run([...words, '--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n').filter((line) => line.startsWith('  $ '))).toHaveLength(3);
  expect((await run([...words, '-h'])).out).not.toContain('  $ ');
});

test('every command of the contract is there, and every one has examples', async () => {
  const { run } = await cliBench();
  const { out } = await run(['--help']);
  const names = Object.keys(EXAMPLES).filter((name) => name !== '' && !name.includes(' '));
  for (const name of names) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
});

test.each(['--version', '-V'])('%s prints the version, like the command', async (flag) => {
  const { textops } = await cliBench();
  const { out } = await textops('version');
  expect(await textops(flag)).toEqual({ code: 0, out, err: '' });
  expect((await textops('--help')).out).toContain('-V, --version');
});
