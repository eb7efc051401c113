import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { SEAL_EVENTS, SEAL_EVERY_MS, sealHistory } from '../../src/core/flows/history/seal-history.ts';
import { sealFile } from '../../src/seals/seal-file.ts';
import { newSigner, sealerOn } from '../sealer.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const numbersIn = async (town: Town): Promise<readonly number[]> =>
  (await town.store.history.seals(0, 1000)).map(({ number }) => number);

/** Something that people do: two events. */
const asks = (town: Town) => town.chat('telegram:1').says('ana', 'run backup');

onEveryStore((story) => {
  story('the first events are sealed at the first look, the next after five minutes', async (town) => {
    const { seal, verify } = await sealerOn(town.store);
    expect(await seal('when_due')).toBe('idle');
    expect(await numbersIn(town)).toEqual([]);
    await asks(town);
    await seal('when_due');
    expect(await numbersIn(town)).toEqual([1]);
    await asks(town);
    town.passes(SEAL_EVERY_MS - 1);
    await seal('when_due');
    expect(await numbersIn(town)).toEqual([1]);
    expect(await verify()).toMatchObject({ unsealed: 2 });
    town.passes(1);
    await seal('when_due');
    expect(await numbersIn(town)).toEqual([1, 2]);
    expect(await verify()).toMatchObject({ events: 4, unsealed: 0, newest: { number: 2, events: 2 } });
    town.passes(SEAL_EVERY_MS);
    expect(await seal('when_due')).toBe('idle');
    expect(await numbersIn(town)).toEqual([1, 2]);
  });

  story('fifty events do not wait', async (town) => {
    const { seal, verify } = await sealerOn(town.store);
    await asks(town);
    await seal('when_due');
    for (let asked = 2; asked < SEAL_EVENTS; asked += 2) await asks(town);
    await seal('when_due');
    expect(await numbersIn(town)).toEqual([1]);
    await asks(town);
    await seal('when_due');
    expect(await numbersIn(town)).toEqual([1, 2]);
    expect((await verify()).fault).toBeUndefined();
  });

  story('many who seal at once make one seal after the other, each known to all of them', async (town) => {
    const one = await sealerOn(town.store);
    // In another process: the same key, the same file, and nothing else in common.
    const two = sealHistory({ ...one, file: sealFile(one.path) });
    for (let round = 0; round < 5; round += 1) {
      await asks(town);
      await Promise.all([one.seal('now'), two('now'), one.seal('now')]);
    }
    await one.sealAll();
    const numbers = await numbersIn(town);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const verdict = await one.verify();
    expect(verdict).toMatchObject({ unsealed: 0, newest: { number: numbers.length } });
    expect(verdict.fault).toBeUndefined();
    expect(new Set((await readFile(one.path, 'utf8')).trim().split('\n')).size).toBe(numbers.length);
  });

  story('the chat of the installation is told of a seal once an hour, if it wants to know', async (town) => {
    const { seal } = await sealerOn(town.store, { chat: () => GROUP });
    const told = async (): Promise<readonly string[]> =>
      (await town.shown()).filter(({ address }) => address === GROUP).map(({ text }) => text);
    for (let minute = 0; minute < 60; minute += 10) {
      await asks(town);
      await seal('now');
      town.passes(600_000);
    }
    const [first] = await town.store.history.seals(0, 1);
    const one = `🔏 Seal 1 over 2 more events, 12:00 UTC\n1 ${first?.hash}`;
    expect(await told()).toEqual([one]);
    await asks(town);
    await seal('now');
    expect(await told()).toEqual([one, expect.stringContaining('Seal 7 over 2 more events')]);
    expect((await town.rings()).filter(({ address }) => address === GROUP)).toEqual([]);
  });

  story('another key goes on where the one before ended, and the file vouches for both', async (town) => {
    const old = await sealerOn(town.store);
    await asks(town);
    await old.sealAll();
    const next = sealHistory({ ...old, signer: newSigner() });
    await asks(town);
    await next('now');
    await asks(town);
    await next('now');
    const verdict = await old.verify();
    expect(verdict.fault).toBeUndefined();
    expect(verdict.newest).toMatchObject({ number: 3 });
    expect(verdict.signers.size).toBe(2);
  });

  story('nothing is signed on top of a seal that nobody vouches for', async (town) => {
    const own = await sealerOn(town.store);
    await asks(town);
    await own.sealAll();
    const stranger = await sealerOn(town.store);
    await asks(town);
    await expect(stranger.seal('now')).rejects.toThrow(
      /^seal 1 is not published: it is signed with the key [0-9a-f]{16}, which is neither ours nor in /,
    );
    expect(await numbersIn(town)).toEqual([1]);
    // A new key whose old one is lost: somebody who knows that they are right takes the old file along.
    await writeFile(stranger.path, await readFile(own.path, 'utf8'));
    await stranger.sealAll();
    expect((await stranger.verify()).newest).toMatchObject({ number: 2 });
  });

  story('a file that was lost is written anew as far as our own key reaches', async (town) => {
    const { sealAll, path, ...sealer } = await sealerOn(town.store);
    for (let round = 0; round < 3; round += 1) {
      await asks(town);
      await sealAll();
    }
    const before = await readFile(path, 'utf8');
    await writeFile(path, '');
    await sealHistory({ ...sealer, file: sealFile(path) })('when_due');
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  story('a database that lacks a published seal is sealed no further', async (town) => {
    const { seal, sealAll, path, verify } = await sealerOn(town.store);
    await asks(town);
    await sealAll();
    const line = await readFile(path, 'utf8');
    await appendFile(path, line.replace(/^1 ./, '2 0'));
    await asks(town);
    await expect(seal('now')).rejects.toThrow(/ends with seal 2, which this database does not have/);
    expect((await verify()).fault).toEqual({
      seal: 2,
      words: 'seals.log names it, and the database has no seal after 1: it was rolled back, cut or replaced',
    });
    expect(await numbersIn(town)).toEqual([1]);
  });
});
