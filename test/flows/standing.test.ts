import { expect } from 'vitest';
import { stoodSince } from '../../src/core/flows/ops/standing.ts';
import { minutes } from '../cast.ts';
import { onEveryStore } from './town.ts';

onEveryStore((story) => {
  story('how a release did is read from the incidents on record', async ({ store, now, passes }) => {
    const trouble = { kind: 'problem', name: 'failures' } as const;
    const first = now();
    passes(minutes(3));
    await store.incidents.note({ at: now(), raised: [trouble], cleared: [] });
    passes(minutes(20));
    const second = now();
    expect(await stoodSince(store, first)).toBe('in_trouble');
    passes(minutes(1));
    await store.incidents.note({ at: now(), raised: [], cleared: [trouble] });
    expect(await stoodSince(store, second)).toBe('too_short');
    passes(minutes(9));
    expect(await stoodSince(store, second)).toBe('known_good');
    expect(await stoodSince(store, first)).toBe('in_trouble');
  });
});
