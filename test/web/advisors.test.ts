import { expect, test } from 'vitest';
import { world } from './world.ts';

test('GET /ai/status tells what each advisor did, to whoever has a token', async () => {
  const { call } = await world({ profile: 'production' });
  const { json, status } = await call('/ai/status', { as: 'screen' });
  expect(status).toBe(200);
  const outcomes = { answered: 0, late: 0, failed: 0, unusable: 0, limited: 0 };
  expect(json.advisors).toEqual(
    ['parse', 'risk', 'summary'].map((advisor) => ({ advisor, on: false, outcomes, left: 200 })),
  );
  expect((await call('/ai/status')).status).toBe(401);
});
