import type { Draft } from '../../src/core/ports/commit.ts';
import type { Settlement } from '../../src/core/ports/store.ts';

/** A message as the outbox of the contract knows it. */
export interface Message {
  readonly id: number;
  readonly draft: Draft;
  address: string;
  state: 'open' | 'sending' | 'sent' | 'dead' | 'superseded';
  nextAt: number;
  owner: string;
  attempts: number;
  ambiguous: number;
}

/** What `IOutbox` promises, in lists and loops. */
export const outboxModel = () => {
  const messages: Message[] = [];
  const moved = new Map<string, string>();
  const suspended = new Set<string>();
  const paused = new Map<string, number>();
  const cards = new Map<string, string>();

  const isLive = ({ state }: Message): boolean => state === 'open' || state === 'sending';
  const cardOf = (one: Message): string | undefined => cards.get(`${one.draft.runId} ${one.address}`);

  const ready = (at: number): readonly Message[] =>
    [...Map.groupBy(messages.filter(isLive), ({ address }) => address).values()]
      .flatMap(([head]) => head ?? [])
      .filter(({ nextAt, address }) => nextAt <= at && (paused.get(address) ?? 0) <= at)
      .toSorted((a, b) => b.draft.priority - a.draft.priority || a.id - b.id);

  const isOutdated = (one: Message): boolean =>
    one.draft.content.kind === 'card' &&
    cardOf(one) !== undefined &&
    messages.some(
      (newer) =>
        newer.id > one.id &&
        newer.state === 'open' &&
        newer.address === one.address &&
        newer.draft.runId === one.draft.runId &&
        newer.draft.content.kind === 'card',
    );

  return {
    messages,
    cardOf,
    add: (draft: Draft, at: number): void => {
      const address = moved.get(draft.address) ?? draft.address;
      if (messages.some((one) => one.draft.key === draft.key && one.address === address)) return;
      const state = suspended.has(address) ? 'dead' : 'open';
      const id = messages.length;
      messages.push({ id, draft, address, state, nextAt: at, owner: '', attempts: 0, ambiguous: 0 });
    },
    claim: (owner: string, at: number, until: number, limit: number): readonly Message[] => {
      const taken: Message[] = [];
      for (;;) {
        const heads = ready(at).slice(0, limit - taken.length);
        const outdated = heads.filter(isOutdated);
        for (const head of heads) {
          if (suspended.has(head.address)) head.state = 'dead';
          else if (outdated.includes(head)) head.state = 'superseded';
          else {
            if (head.state === 'sending') head.ambiguous += 1;
            Object.assign(head, { state: 'sending', owner, nextAt: until });
            taken.push(head);
          }
        }
        if (heads.every((head) => taken.includes(head))) return taken;
      }
    },
    settle: (one: Message, told: Settlement, owner: string): void => {
      if (one.state !== 'sending') return;
      if (told.k === 'sent') {
        one.state = 'sent';
        if (one.draft.content.kind === 'card' && told.messageId !== undefined)
          cards.set(`${one.draft.runId} ${one.address}`, told.messageId);
        return;
      }
      if (one.owner !== owner || one.nextAt !== told.until) return;
      if (told.k === 'dead') one.state = 'dead';
      else {
        Object.assign(one, { state: 'open', nextAt: told.at, attempts: one.attempts + 1 });
        if (told.ambiguous) one.ambiguous += 1;
      }
    },
    release: (owner: string, at: number): void => {
      for (const one of messages) if (one.state === 'sending' && one.owner === owner) one.nextAt = at;
    },
    pause: (address: string, until: number) => paused.set(address, until),
    suspend: (address: string): void => {
      suspended.add(address);
      for (const one of messages) if (one.state === 'open' && one.address === address) one.state = 'dead';
    },
    unsuspend: (address: string): void => {
      for (const one of suspended)
        if (one === address || one.startsWith(`${address}/`)) suspended.delete(one);
    },
    readdress: (from: string, to: string): void => {
      if (from === to) return;
      for (const [old, now] of moved) if (now === from) moved.set(old, to);
      moved.set(from, to);
      moved.delete(to);
      for (const one of messages.filter((each) => isLive(each) && each.address === from)) {
        const isThere = messages.some((each) => each.address === to && each.draft.key === one.draft.key);
        if (!isThere) one.address = to;
        else if (one.state === 'open') one.state = 'superseded';
      }
      for (const key of cards.keys()) if (key.endsWith(` ${from}`)) cards.delete(key);
    },
  };
};

export type OutboxModel = ReturnType<typeof outboxModel>;
