import { describe, expect } from 'vitest';
import { verifyHistory } from '../../src/core/flows/history/verify-history.ts';
import { recordInstalledGates } from '../../src/core/flows/ops/feature-gates.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { RequestCommand, RunCommand } from '../../src/core/runs/command.ts';
import {
  asks,
  backup,
  bob,
  cho,
  dbMigrate,
  fails,
  noon,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
} from '../cast.ts';
import { seedRun } from '../cli/cli-bench.ts';
import { type Sealer, sealerOn } from '../sealer.ts';
import { lootOf, rollBack, type Sql } from './forger.ts';
import type { Administered } from './misfits.contract.ts';
import { picker, TAMPERINGS } from './tampering.ts';
import { lawsOf } from './with-backend.ts';

/** Stories of every kind of run. */
const stories: readonly (readonly [RequestCommand, ...RunCommand[]])[] = [
  [asks(), says.yes(bob), starts(), succeeds()],
  [asks(), says.no(bob)],
  [
    asks(report),
    says.yes(cho),
    starts(report),
    fails(),
    starts(report, { attempt: 2, fence: 2 }),
    succeeds(2),
  ],
  [asks(dbMigrate, { params: { to: '0042' } }), says.yes(bob), says.yes(cho), says.resume(bob)],
  [asks(), time(noon + 86_400_000)],
  [asks(), says.cancel(bob)],
  [asks(), says.yes(bob), starts(), vanishes()],
  [asks()],
  [asks(backup), says.yes(cho)],
];

const nameOf = (index: number): string => `R${String(index).padStart(5, '0')}`;

/** Sixteen runs and the records of the installation, sealed bit by bit. */
const past = async (store: Store): Promise<Sealer> => {
  const sealer = await sealerOn(store);
  await recordInstalledGates(store);
  await sealer.sealAll();
  for (let index = 0; index < 16; index += 1) {
    const [request, ...commands] = stories[index % stories.length] ?? [asks()];
    await seedRun(store, { ...request, runId: nameOf(index) }, ...commands);
    if (index % 4 === 3) await sealer.sealAll();
  }
  return sealer;
};

const TABLES = ['events', 'seals', 'seal_heads', 'runs', 'run_terms', 'system_chain'] as const;

/** An administrator takes the guards down and keeps a copy, so that one history can be spoilt many times. */
const unguarded = async ({ store, administer }: Administered) => {
  const guards =
    store.kind === 'pg'
      ? TABLES.map((table) => `alter table ${table} disable trigger user`)
      : ['events', 'seals', 'seal_heads'].flatMap((table) =>
          ['update', 'delete', 'replace'].map((what) => `drop trigger ${table}_refuse_${what}`),
        );
  const run = async (sql: Sql): Promise<void> => {
    await administer(`begin; ${sql.join('; ')}; commit;`);
  };
  await run([...guards, ...TABLES.map((table) => `create table kept_${table} as select * from ${table}`)]);
  const restore = TABLES.flatMap((table) => [
    `delete from ${table}`,
    `insert into ${table} select * from kept_${table}`,
  ]);
  return { run, restore: () => run(restore) };
};

const TIMES = 200;

export const tamperContract = (open: () => Promise<Administered>): void => {
  const law = lawsOf(open);
  describe('a history that was changed behind the program', () => {
    law(
      `is found out, ${TIMES} times of ${TIMES}`,
      async (backend) => {
        const { verify } = await past(backend.store);
        const loot = await lootOf(backend.store);
        const { run, restore } = await unguarded(backend);
        const pick = picker(20_261_121);
        const ways = Object.entries(TAMPERINGS);
        const unseen: string[] = [];
        for (let round = 0; round < TIMES; round += 1) {
          const [name, tamper] = ways[round % ways.length] ?? ['', () => []];
          const sql = tamper(loot, pick);
          await run(sql);
          const { fault } = await verify();
          if (fault === undefined) unseen.push(`${name}: ${sql.join('; ')}`);
          await restore();
          expect((await verify()).fault, `after ${name} was undone`).toBeUndefined();
        }
        expect(unseen).toEqual([]);
      },
      120_000,
    );

    law(
      'is found out by the key alone, when whoever rewrote it sealed it anew with another',
      async (backend) => {
        const { store } = backend;
        const { checks, signer } = await past(store);
        const loot = await lootOf(store);
        const { run } = await unguarded(backend);
        const resealed = TAMPERINGS['a history rewritten and sealed anew with another key'];
        await run(resealed?.(loot, picker(1)) ?? []);
        const known = await checks();
        const alone = { ...known, published: new Map(), keys: new Set([signer.key]) };
        expect((await verifyHistory(store, alone)).fault).toMatchObject({
          seal: 1,
          words: expect.stringMatching(/^it is signed with the key [0-9a-f]{16}, which nobody vouches for$/),
        });
        // Who knows neither key nor published seals can only be told whose key it is.
        const { fault, signers } = await verifyHistory(store, { ...alone, keys: new Set() });
        expect(fault).toBeUndefined();
        expect(signers).not.toContain(signer.key);
      },
    );

    law(
      'shows by itself what was rewritten after it was sealed, and only to published seals its lost end',
      async (backend) => {
        const { store } = backend;
        const { checks } = await past(store);
        const loot = await lootOf(store);
        const { run, restore } = await unguarded(backend);
        const unpublished = { ...(await checks()), published: new Map() };
        await run(
          TAMPERINGS['a history rewritten, with every hash and a run that fits']?.(loot, picker(3)) ?? [],
        );
        expect((await verifyHistory(store, unpublished)).fault?.words).toMatch(
          /^event \d+ is not the one that seal \d+ names$/,
        );
        await restore();
        await run(rollBack(loot, 2));
        expect((await verifyHistory(store, unpublished)).fault).toBeUndefined();
        expect((await verifyHistory(store, await checks())).fault).toMatchObject({ seal: loot.seals.length });
      },
    );

    law(
      'is not sealed where a row contradicts its events or its seals, which is told once',
      async (backend) => {
        const { store } = backend;
        const seen: Observation[] = [];
        const { sealAll, verify } = await sealerOn(store, { observe: (one) => seen.push(one) });
        for (const runId of ['A', 'B', 'C', 'D']) await seedRun(store, asks(backup, { runId }));
        await recordInstalledGates(store);
        const { run } = await unguarded(backend);
        await run([
          "update runs set head_hash = 'x' where id = 'A'",
          "delete from events where chain = 'B' and seq = 2",
          "update runs set sealed_seq = 1 where id = 'C'",
          'update system_chain set sealed_seq = 1',
        ]);
        await sealAll();
        await sealAll();
        expect(await store.history.headsOf('', undefined)).toMatchObject([{ chain: 'D' }]);
        const broken = seen.flatMap((one) =>
          one.kind === 'history_broken' ? [`${one.chain}: ${one.words}`] : [],
        );
        expect(broken.toSorted()).toEqual([
          'A: its row names event 2, which is missing or another one',
          'B: its row names event 2, which is missing or another one',
          'C: its row says that it is sealed up to event 1; the seals say 0',
          'system: its row says that it is sealed up to event 1; the seals say 0',
        ]);
        expect((await verify()).fault).toMatchObject({ chain: 'A' });
      },
    );
  });
};
