import type { SealedHead } from '../../src/core/ports/history.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { canonical } from '../../src/core/runs/canonical.ts';
import { GENESIS, link } from '../../src/core/runs/chain.ts';
import type { RunEvent, StoredEvent } from '../../src/core/runs/event.ts';
import { fold } from '../../src/core/runs/evolve.ts';
import { headsHash, inOrder, type Seal, sealHash } from '../../src/core/runs/seal.ts';
import { runColumns } from '../../src/db/runs/run-columns.ts';
import { stateJson, termsJson } from '../../src/db/runs/run-json.ts';
import { newSigner } from '../sealer.ts';

// Somebody who may write to the database and knows how everything in it is made, and who lacks only the key of the seals
// and the file in which they were published.

/** All of a history, to forge from. */
export interface Loot {
  readonly chains: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly seals: readonly Seal[];
  readonly heads: readonly SealedHead[];
}

export const lootOf = async ({ history, runs }: Store): Promise<Loot> => {
  const all = await history.events({ chain: '', seq: Number.MAX_SAFE_INTEGER }, undefined, 100_000);
  const names = [...new Set(all.map(({ chain }) => chain))];
  const chains = new Map(
    await Promise.all(names.map(async (name) => [name, await runs.history(name)] as const)),
  );
  return { chains, seals: await history.seals(0, 1000), heads: await history.headsOf('', undefined) };
};

/** SQL that does it, past every guard. */
export type Sql = readonly string[];

export const text = (value: string | number | null): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);

const assignments = (values: Readonly<Record<string, string | number | null>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${text(value)}`)
    .join(', ');

export const insertEvent = (event: StoredEvent): string => {
  const { chain, seq, type, at, actor, payload, hash } = event;
  const values = [chain, seq, type, at, actor, canonical(payload), hash].map(text).join(', ');
  return `insert into events (chain, seq, type, at, actor, payload, hash) values (${values})`;
};

/** Puts these events in the place of a chain, every hash computed anew, and makes the run what they say. */
export const rewrite = (
  chain: string,
  events: readonly Pick<StoredEvent, 'type' | 'at' | 'actor' | 'payload'>[],
  sealedSeq: number,
): Sql => {
  const linked = link(chain, { seq: 0, hash: GENESIS }, events);
  return [
    `delete from events where chain = ${text(chain)}`,
    ...linked.map(insertEvent),
    ...rowFor(chain, linked, sealedSeq),
  ];
};

const rowFor = (chain: string, events: readonly StoredEvent[], sealedSeq: number): Sql => {
  const head = { seq: events.length, hash: events.at(-1)?.hash ?? GENESIS };
  if (chain === 'system') {
    return [`update system_chain set ${assignments({ ...head, sealed_seq: sealedSeq })}`];
  }
  // What was stored once is folded again.
  const state = fold(events as readonly RunEvent[], chain);
  if (state.status === 'absent') return removeRow(chain);
  const row = { version: head.seq, head_hash: head.hash, state: stateJson(state), sealed_seq: sealedSeq };
  return [
    `update runs set ${assignments({ ...runColumns(state), ...row })} where id = ${text(chain)}`,
    `update run_terms set terms = ${text(termsJson(state))} where run_id = ${text(chain)}`,
  ];
};

const removeRow = (chain: string): Sql => [
  `delete from runs where id = ${text(chain)}`,
  `delete from run_terms where run_id = ${text(chain)}`,
];

/** A run as if it had never been. */
export const removeRun = (chain: string): Sql => [
  `delete from events where chain = ${text(chain)}`,
  ...removeRow(chain),
];

/** The whole database as it was when that seal was the newest. */
export const rollBack = ({ chains, heads }: Loot, seal: number): Sql => [
  `delete from seals where number > ${seal}`,
  `delete from seal_heads where seal > ${seal}`,
  ...[...chains].flatMap(([chain, events]) => {
    const last = heads.findLast((head) => head.chain === chain && head.seal <= seal)?.seq ?? 0;
    return last === 0 && chain !== 'system' ? removeRun(chain) : rewrite(chain, events.slice(0, last), last);
  }),
];

/** Seals that fit what the heads say now, signed with a key that the forger has made. */
export const sealAnew = ({ seals }: Loot, heads: readonly SealedHead[]): Sql => {
  const signer = newSigner();
  const { key } = signer;
  let previous = GENESIS;
  const made = seals.map((seal) => {
    const own = inOrder(heads.filter((head) => head.seal === seal.number));
    const unsigned = { ...seal, previous, key, heads: headsHash(own) };
    const hash = sealHash(unsigned);
    previous = hash;
    return { ...unsigned, hash, signature: signer.sign(hash) };
  });
  return [
    ...made.map(
      ({ number, heads: covered, hash, signature, ...rest }) =>
        `update seals set ${assignments({ previous: rest.previous, key, heads: covered, hash, signature })} ` +
        `where number = ${number}`,
    ),
    'delete from seal_heads',
    ...heads.map(
      ({ chain, seq, hash, seal }) =>
        `insert into seal_heads (chain, seq, hash, seal) values (${[chain, seq, hash, seal].map(text).join(', ')})`,
    ),
  ];
};

/** Another text of the same length: a letter or digit that is not the one that was there. */
export const altered = (original: string, pick: (below: number) => number): string => {
  const places = [...original.matchAll(/[0-9a-z]/g)].map(({ index }) => index);
  const at = places[pick(places.length)] ?? 0;
  const letter = original.charAt(at);
  const other = letter === '7' ? '3' : letter === 'e' ? 'a' : /\d/.test(letter) ? '7' : 'e';
  return original.slice(0, at) + other + original.slice(at + 1);
};
