import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { isGone, ownPlace } from '../../src/program/process-place.ts';

const module = new URL('../../src/program/process-place.ts', import.meta.url).href;

/** Another process of this machine, and where it lives. */
const neighbour = async () => {
  const words = `const { ownPlace } = await import('${module}'); console.log(ownPlace()); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, place: String(said).trim() };
};

test('who is alive is not gone, also when it stands still; who was killed is', {
  skip: ownPlace() === '',
}, async () => {
  const { child, place } = await neighbour();
  expect(isGone(place)).toBe(false);
  child.kill('SIGSTOP');
  expect(isGone(place)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isGone(place)).toBe(true);
});

test('a number that was given to another process does not bring the first one back', () => {
  const parts = ownPlace().split(' ');
  expect(isGone([...parts.slice(0, -1), '1'].join(' '))).toBe(parts.length > 1);
  expect(isGone(ownPlace())).toBe(false);
});

test('nobody can tell of another machine, of another container, or of a place that nobody named', () => {
  const [boot, , , start] = ownPlace().split(' ');
  expect(isGone(`${boot} pid:[1] 999999999 ${start}`)).toBe(false);
  expect(isGone('b3c4 pid:[4026531836] 999999999 1')).toBe(false);
  expect(isGone('')).toBe(false);
});
