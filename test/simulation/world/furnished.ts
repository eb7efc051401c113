import { buttonToken } from '../../../src/bot/telegram/button-token.ts';
import type { Rooms } from '../../../src/core/flows/messages/heard.ts';
import type { Fingerprint } from '../../../src/core/ports/executor.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { newRunId } from '../../../src/core/runs/run-id.ts';
import { furnish } from '../../../src/program/house.ts';
import type { Dice } from '../time/dice.ts';
import type { BootParts } from './boot.ts';

/** The secret behind the buttons: the same for every program of an installation. */
const KEY = 'the key of the town';

const OPS_CHAT = 'telegram:-100';

/** The rules as the program furnishes them; what the system gives a program, the world gives it. */
export const furnished = (parts: BootParts, store: Store, startedAt: number): Rooms => {
  const { world, program, observe } = parts;
  const rooms = furnish({
    store,
    profile: world.weather.profile,
    version: '1.0.0',
    leaseMs: world.weather.leaseMs,
    buttonToken: buttonToken(KEY),
    fingerprint: fingerprintOf(parts),
    observe,
    cards: (address) => address.startsWith('telegram:'),
    isGroup: (address) => address.includes(':-'),
    // Only who shares a machine can see who is gone.
    ...(world.weather.machines === 'one' ? { isGone: (place) => !world.livesAt(place) } : {}),
    channels: () => [{ channel: 'telegram', state: 'ok' }],
    startedAt,
    opsChat: () => OPS_CHAT,
  });
  return { ...rooms, ambient: { ...rooms.ambient, ...seeded(world.dice.ports.fork(program.name)) } };
};

/** The disk of the town, which remembers what it told whom. */
const fingerprintOf =
  ({ world, program, passage, town }: BootParts): Fingerprint =>
  async (target) => {
    await passage.hop();
    const files = town.fingerprint(target);
    for (const name of Object.keys(files)) {
      const key = `${program.name} ${name}`;
      town.given.set(key, [...(town.given.get(key) ?? []), { at: world.time.now(), files }]);
    }
    return files;
  };

/** The system's randomness cannot be repeated; this can. */
const seeded = (dice: Dice): Pick<Rooms['ambient'], 'newRunId' | 'chance'> => ({
  newRunId: () => newRunId(dice.next),
  chance: dice.next,
});
