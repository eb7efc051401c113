import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { perTurn } from '../../src/telemetry/per-turn.ts';

const line = (level: string, n: number): string => `{"level":"${level}","msg":"${n}"}\n`;

const writing = () => {
  const before = new Set(process.listeners('exit'));
  onTestFinished(() => {
    for (const listener of process.listeners('exit')) {
      if (!before.has(listener)) process.off('exit', listener);
    }
  });
  const written: string[] = [];
  const write = perTurn((lines) => written.push(lines));
  const atExit = process.listeners('exit').find((listener) => !before.has(listener));
  return { written, write, exits: () => atExit?.(0) };
};

test('the lines of one turn are written together, in their order', async () => {
  const { written, write } = writing();
  write(line('info', 1));
  await Promise.resolve();
  write(line('warn', 2));
  expect(written).toEqual([]);
  await turn();
  expect(written).toEqual([line('info', 1) + line('warn', 2)]);
  write(line('info', 3));
  await turn();
  expect(written.slice(1)).toEqual([line('info', 3)]);
});

test('a fault is written at once, and what was told before it', async () => {
  const { written, write } = writing();
  write(line('info', 1));
  write(line('error', 2));
  expect(written).toEqual([line('info', 1) + line('error', 2)]);
  await turn();
  expect(written).toHaveLength(1);
});

test('what is left when the process ends is written', () => {
  const { written, write, exits } = writing();
  write(line('info', 1));
  exits();
  expect(written).toEqual([line('info', 1)]);
});
