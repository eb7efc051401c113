import { expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { seeded } from '../seeded.ts';
import { until } from './program.ts';
import { ANA, openSmsTown } from './sms-town.ts';

const town = openSmsTown();

const KILLS = 6;
const EACH = 8;

test('what was acknowledged is handled once, whenever the program is killed', async () => {
  const random = seeded(20_261_127);
  const store = await openStore({ url: `file:${town.folder}/data/textops.db` });
  let said = 0;
  let interrupted = 0;
  const countsOf = async (): Promise<readonly number[]> => {
    const { runs } = await store.runs.list({ limit: 100 });
    return runs.map(({ state }) => Number(state.params['n'])).toReversed();
  };
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      if (kill > 0) await town.start();
      // Each as Twilio delivers it: again, when it has heard nothing.
      for (let one = 0; one < EACH; one += 1) {
        said += 1;
        await town.texts(ANA, `RUN count n=${said}`);
      }
      // Acknowledged, and anywhere between that and its end.
      await new Promise((resolve) => setTimeout(resolve, random() * 15));
      await town.program.kill();
      if ((await countsOf()).length < said) interrupted += 1;
    }
    // Kills that found nothing in the middle would prove nothing.
    expect(interrupted).toBeGreaterThanOrEqual(KILLS / 2);
    await town.start();
    await until(async () => (await countsOf()).length >= said, 20_000);
    await until(async () => (await store.reader.figures(await store.now())).openInbox === 0, 20_000);
    expect(await countsOf()).toEqual(Array.from({ length: said }, (_, index) => index + 1));
  } finally {
    await store.close();
  }
});
