import { type Draft, keptOf } from '../../core/text/grammar/draft.ts';
import { toJson } from '../codec.ts';
import { insertMany, many, rows, type Steps, type Value } from '../steps.ts';

/** Conversations that are not simply reachable under their address. */
export type Routes = ReadonlyMap<string, { readonly movedTo?: string; readonly suspendedBecause?: string }>;

export function* routesOf(addresses: readonly string[]): Steps<Routes> {
  if (addresses.length === 0) return new Map();
  const found = yield* rows<{ address: string; moved_to: string | null; suspended_because: string | null }>(
    // With the address that each moved to, which may be suspended itself.
    'select address, moved_to, suspended_because from addresses where address = any($1) ' +
      'or address in (select moved_to from addresses where address = any($1))',
    [...new Set(addresses)],
  );
  return new Map(
    found.map(({ address, moved_to, suspended_because }) => [
      address,
      {
        ...(moved_to === null ? {} : { movedTo: moved_to }),
        ...(suspended_because === null ? {} : { suspendedBecause: suspended_because }),
      },
    ]),
  );
}

/** Where a conversation lives now. Moves are kept flat, so one look is enough. */
export const routed = (address: string, routes: Routes): string => routes.get(address)?.movedTo ?? address;

export const channelOf = (address: string): string => address.slice(0, address.indexOf(':'));

export function* insertDrafts(
  drafts: readonly { readonly draft: Draft; readonly at: number }[],
  routes: Routes,
): Steps<void> {
  yield* many(
    DRAFT,
    drafts.map(({ draft, at }) => draftRow(draft, at, routes)),
  );
}

const DRAFT = insertMany(
  'outbox',
  {
    key: 'text',
    address: 'text',
    channel: 'text',
    run_id: 'text',
    priority: 'bigint',
    kind: 'text',
    draft: 'json',
    state: 'text',
    attempts: 'bigint',
    ambiguous: 'bigint',
    next_at: 'bigint',
    created_at: 'bigint',
    closed_at: 'bigint',
    error: 'text',
  },
  'on conflict (key, address) do nothing',
);

const draftRow = (draft: Draft, at: number, routes: Routes): readonly Value[] => {
  const address = routed(draft.address, routes);
  const refused = routes.get(address)?.suspendedBecause;
  const state = draft.delivered === true ? 'sent' : refused === undefined ? 'open' : 'dead';
  return [
    draft.key,
    address,
    channelOf(address),
    draft.runId ?? null,
    draft.priority,
    draft.content.kind,
    // Nobody will send it: it was said by a synchronous door, or nobody hears there.
    toJson(state === 'open' ? draft : keptOf(draft)),
    state,
    0,
    0,
    at,
    at,
    state === 'open' ? null : at,
    state === 'dead' ? (refused ?? null) : null,
  ];
};
