import { describe, expect } from 'vitest';
import { recordInstalledGates } from '../../src/core/flows/feature-gates.ts';
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
import { lootOf, type Sql } from './forger.ts';
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
  const run = (sql: Sql): Promise<void> => administer(`begin; ${sql.join('; ')}; commit;`);
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
    law(`is found out, ${TIMES} times of ${TIMES}`, async (backend) => {
      const { verify } = await past(backend.store);
      const loot = await lootOf(backend.store);
      const { run, restore } = await unguarded(backend);
      const pick = picker(20_261_121);
      const ways = Object.entries(TAMPERINGS);
      const unseen: string[] = [];
      const places = new Set<string>();
      for (let time = 0; time < TIMES; time += 1) {
        const [name, tamper] = ways[time % ways.length] ?? ['', () => []];
        const sql = tamper(loot, pick);
        await run(sql);
        const { fault } = await verify();
        if (fault === undefined) unseen.push(`${name}: ${sql.join('; ')}`);
        else places.add(`${name}: ${fault.words.replaceAll(/[0-9]+/g, 'N')}`);
        await restore();
        expect((await verify()).fault, `after ${name} was undone`).toBeUndefined();
      }
      expect(unseen).toEqual([]);
    });
  });
};
