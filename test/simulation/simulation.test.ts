import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { History } from './history.ts';
import { newPlayer, playAll } from './threads.ts';
import { BUGS } from './zoo/bugs.ts';
import { edited } from './zoo/plant.ts';
import { type Caught, visitZoo } from './zoo/zoo.ts';

// A small size for every change; `npm run sim -- --seeds 500` plays enough worlds to count what was reached.

const WORLDS = 40;
const threads = availableParallelism();

describe('whole installations, played from a seed', () => {
  test(`break no law in ${WORLDS} worlds`, async () => {
    const seeds = Array.from({ length: WORLDS }, (_, index) => index + 1);
    const broken: string[] = [];
    await playAll(
      threads,
      seeds.map((seed) => ({ seed })),
      { tail: 0 },
      ({ seed, violation }) => {
        if (violation !== undefined) broken.push(`seed ${seed} breaks ${violation.law}: ${violation.words}`);
        return 'go on';
      },
    );
    expect(broken).toEqual([]);
  });

  test('play out the same whenever they are played', async () => {
    const player = newPlayer({ tail: 0 });
    const digests = async (): Promise<History['digest']> => (await player.play({ seed: 7 })).digest;
    const first = await digests();
    expect(await digests()).toBe(first);
    await player.end();
  });
});

/** Planted bugs, each with the seed of a world that breaks a law by it. */
const CAUGHT: Readonly<Record<string, number>> = {
  'anybody who is known may approve': 7,
  'a run that was denied can be approved': 7,
  'rights are remembered': 10,
  'an approval starts a heavy run': 3,
  'the digest leaves out the parameters': 1,
  'the digest is that of another epoch': 1,
  'the start is recorded after the process': 1,
};

describe('the zoo', () => {
  test('every bug has its place in the program as it is', () => {
    const misplaced = BUGS.flatMap(({ name, edits }) =>
      edits.flatMap((edit) => {
        const text = readFileSync(new URL(`../../src/${edit.file}`, import.meta.url), 'utf8');
        try {
          edited(text, edit);
          return [];
        } catch {
          return [name];
        }
      }),
    );
    expect(misplaced).toEqual([]);
  });

  test('what is planted breaks a law', async () => {
    const seen: Caught[] = [];
    const bugs = BUGS.filter(({ name }) => Object.hasOwn(CAUGHT, name));
    await visitZoo(
      threads,
      ({ name }) => [CAUGHT[name] ?? 0],
      (caught) => seen.push(caught),
      bugs,
    );
    expect(seen.filter(({ by }) => by === undefined)).toEqual([]);
    expect(seen).toHaveLength(Object.keys(CAUGHT).length);
  });
});
