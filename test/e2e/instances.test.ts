import { expect, test } from 'vitest';
import { seeded } from '../seeded.ts';
import { until } from './program.ts';
import { allAnswered, judge, openHouse, startTwo, telegramOf } from './two-programs.ts';

test.each([
  ['PostgreSQL', { chats: 20, updates: 200, kills: ['poller', 'standby'] }],
  ['SQLite', { chats: 10, updates: 40, kills: ['poller'] }],
] as const)(
  'on %s either may be killed under load: nothing is lost or doubled, and the other goes on',
  { timeout: 90_000 },
  async (kind, { chats, updates, kills }) => {
    const house = await openHouse(kind, chats);
    const { fake, tells } = house;
    const random = seeded(20_261_121);
    let [poller, standby] = await startTwo(house);
    const part = Math.floor(updates / (2 * kills.length + 2));
    for (const victim of kills) {
      tells(part);
      // Anywhere between the first poll and the last answer to what it brought.
      await new Promise((resolve) => setTimeout(resolve, random() * 150));
      tells(part);
      // A kill that found nothing in the middle would prove nothing.
      expect(await house.owed()).toBeGreaterThan(0);
      if (victim === 'poller') {
        await poller.kill();
        poller = standby;
        const polls = fake.calls('getUpdates').length;
        await until(() => fake.calls('getUpdates').length > polls, 10_000);
      } else await standby.kill();
      standby = await house.start();
    }
    tells(part);
    // Asked to stop, it hands over at once.
    const stopped = poller.stop();
    tells(updates - house.told());
    await until(() => fake.pendingUpdateIds().length === 0, 10_000);
    expect(await stopped).toBe(0);
    await allAnswered(house);
    await judge(house);
    expect(await telegramOf(standby)).toBe('ok');
  },
);
