import type { Update, UpdateBody } from './wire.ts';

export interface UpdateQueue {
  /** Gives the update its number, or undefined when allowed_updates keeps it out. */
  readonly push: (body: UpdateBody) => number | undefined;
  /** Deletes what lies below the offset, then reads without deleting: only the next offset confirms. */
  readonly take: (offset: number, limit: number) => readonly Update[];
  /** A webhook that answered 2xx confirms one update at a time. */
  readonly confirmBelow: (updateId: number) => void;
  readonly clear: () => void;
  /** Sticky: what is no list keeps the setting before it, an empty list restores the default. */
  readonly allow: (types: unknown) => void;
  readonly allowed: () => readonly string[] | undefined;
  /** After a week of silence Telegram goes on at a random number, higher or lower. */
  readonly jumpTo: (updateId: number) => void;
  readonly size: () => number;
  readonly confirmed: readonly number[];
  readonly pending: () => readonly Update[];
  readonly onPush: (listener: () => void) => void;
}

interface Kept {
  readonly update: Update;
  readonly at: number;
}

const keptMs = 24 * 60 * 60 * 1000;
const offByDefault: ReadonlySet<string> = new Set([
  'chat_member',
  'message_reaction',
  'message_reaction_count',
]);

export const createUpdateQueue = (firstUpdateId: number, now: () => number): UpdateQueue => {
  let kept: Kept[] = [];
  let head = 0;
  let tail = firstUpdateId;
  let allowed: ReadonlySet<string> | undefined;
  const confirmed: number[] = [];
  const listeners: (() => void)[] = [];

  const headId = (): number => kept[head]?.update.update_id ?? tail;
  const size = (): number => kept.length - head;

  // The array is cut only now and then, so that reading and confirming stay cheap with a long backlog.
  const drop = (count: number): void => {
    head += count;
    if (head < 4096 && head < kept.length) return;
    kept = kept.slice(head);
    head = 0;
  };
  const confirmBelow = (updateId: number): void => {
    let count = 0;
    for (
      let next = kept[head];
      next !== undefined && next.update.update_id < updateId;
      next = kept[head + count]
    ) {
      confirmed.push(next.update.update_id);
      count += 1;
    }
    drop(count);
  };
  const forgetOld = (): void => {
    const oldest = now() - keptMs;
    let count = 0;
    while ((kept[head + count]?.at ?? Number.POSITIVE_INFINITY) < oldest) count += 1;
    if (count > 0) drop(count);
  };
  const isAllowed = (body: UpdateBody): boolean => {
    const kind = Object.keys(body).find((key) => key !== 'update_id');
    if (kind === undefined) return true;
    return allowed === undefined ? !offByDefault.has(kind) : allowed.has(kind);
  };

  return {
    push: (body) => {
      if (!isAllowed(body)) return undefined;
      const updateId = tail;
      tail += 1;
      kept.push({ update: { ...body, update_id: updateId }, at: now() });
      for (const listener of listeners) listener();
      return updateId;
    },
    take: (offset, limit) => {
      forgetOld();
      if (offset < 0) drop(Math.max(0, size() + offset));
      // Eleven or more beyond the tail is no position in the queue: the server reads from the head instead.
      else if (offset > 0 && offset <= tail + 10) confirmBelow(offset);
      return kept.slice(head, head + limit).map((entry) => entry.update);
    },
    confirmBelow,
    clear: () => drop(size()),
    allow: (types) => {
      if (!Array.isArray(types) || !types.every((type) => typeof type === 'string')) return;
      allowed = types.length === 0 ? undefined : new Set(types.map((type) => type.toLowerCase()));
    },
    allowed: () => (allowed === undefined ? undefined : [...allowed]),
    jumpTo: (updateId) => {
      if (size() > 0 && updateId < headId()) throw new Error('A jump back needs an empty queue.');
      tail = updateId;
    },
    size,
    confirmed,
    pending: () => kept.slice(head).map((entry) => entry.update),
    onPush: (listener) => {
      listeners.push(listener);
    },
  };
};
