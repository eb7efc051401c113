import { expect, test } from 'vitest';
import { until } from './program.ts';
import { allAnswered, judge, openHouse, startTwo, telegramOf } from './two-programs.ts';

test('one that stood still in the middle of its work loses it to the other, and does no harm when it wakes up', async () => {
  const house = await openHouse('PostgreSQL', 10);
  const { fake, tells } = house;
  const [sleeper, other] = await startTwo(house);
  tells(10);
  await until(() => fake.pendingUpdateIds().length === 0, 10_000);
  sleeper.freeze();
  tells(20);
  // Nobody can tell that it will not go on, so its time has to run out.
  await until(async () => (await telegramOf(other)) === 'ok', 20_000);
  await until(() => fake.pendingUpdateIds().length === 0, 10_000);
  sleeper.thaw();
  await until(async () => (await telegramOf(sleeper)) === 'standby', 10_000);
  tells(10);
  await allAnswered(house);
  await judge({ ...house, programs: [other] });
  expect(await telegramOf(other)).toBe('ok');
});
