import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { walkRange } from '../../src/core/flows/history/verify-history.ts';
import { openStore } from '../../src/db/open.ts';
import { act, approve, claimIn, request, spec, T0, text } from '../contracts/given.ts';
import { sealerOn } from '../sealer.ts';

/**
 * A database as the image of PostgreSQL makes it, which orders words as a dictionary does: `system` stands between the runs, and
 * small letters beside large ones. The other tests have one that goes by bytes.
 */
const inADictionary = async () => {
  const url = new URL(inject('postgresUrl'));
  const name = `textops_words_${process.pid}`;
  const onServer = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await onServer(
    `create database ${name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US'`,
  );
  const own = new URL(url);
  own.pathname = `/${name}`;
  const store = await openStore({ url: own.href, clock: () => T0 });
  onTestFinished(async () => {
    await store.close();
    await onServer(`drop database ${name} with (force)`);
  });
  return store;
};

test('in a database that orders words as a dictionary does, everything is found, sealed and verified', async () => {
  const store = await inADictionary();
  for (const id of ['R1A2B3', 'SA2B3C', 'T4C5D6', 'Z7E8F9']) await act(store, id, request(id));
  await act(store, 'SA2B3C', approve());
  await store.catalog.replaceFileJobs([{ key: 'backup', spec: spec() }], 'file', T0, 'system');

  const lanes = ['a', 'B', '_', 'ä', 'A', 'b', '-', 'a/1', 'ß', 'ss'];
  await store.inbox.accept(
    lanes.map((lane) => text(`m-${lane}`, { lane })),
    T0,
  );
  expect((await claimIn(store, { limit: 20 })).map(({ inbound }) => inbound.lane)).toEqual(lanes);

  const { sealAll, verify } = await sealerOn(store);
  await sealAll();
  const verdict = await verify();
  expect(verdict.fault).toBeUndefined();
  const parts = [
    await walkRange(store, { after: '', upTo: 'SA2B3C' }),
    await walkRange(store, { after: 'SA2B3C', upTo: 'T4C5D6' }),
    await walkRange(store, { after: 'T4C5D6' }),
  ];
  expect(parts.map(({ fault }) => fault)).toEqual([undefined, undefined, undefined]);
  const sum = (of: 'events' | 'chains') => parts.reduce((all, part) => all + part[of], 0);
  expect([sum('events'), sum('chains')]).toEqual([verdict.events, verdict.chains]);
});
