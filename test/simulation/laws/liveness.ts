import type { World } from '../world/world.ts';

/** What still waits for something to be done about it, by the promise that says it will. */
export interface Unsettled {
  readonly law: string;
  readonly words: string;
}

interface Row {
  readonly law: string;
  readonly words: string;
}

/** Everything that a healed installation has to be through with after a while; empty when it is. */
export const unsettledOf = (world: World): readonly Unsettled[] =>
  world.db
    .prepare<[{ readonly now: number }], Row>(
      "select 'L1' as law, 'message ' || event_key || ' is still in the inbox' as words from inbox where state = 'open' " +
        "union all select 'L5', key || ' is still to be sent' from outbox where state in ('open', 'sending') " +
        "union all select 'L3', id || ' still waits for a worker' from runs where status = 'Dispatching' " +
        "union all select 'L4', id || ' is still running' from runs where status = 'Running' " +
        "union all select 'L2', id || ' is overdue' from runs where due_at < $now " +
        "union all select 'L6', key || ' is overdue' from schedules where next_at < $now - 60000",
    )
    .all({ now: world.clock() });

/** The next deadline of a run. */
export const nextDeadline = (world: World): number | undefined =>
  world.db.prepare<[], number | null>('select min(due_at) from runs').pluck().get() ?? undefined;

/** L11: after two days nothing is left that could still change by itself. */
export const checkImmortals = (world: World): void => {
  const ended = "('Succeeded', 'Failed', 'Denied', 'Canceled', 'Expired')";
  const left = world.db
    .prepare<[], string>(`select id || ' is ' || status from runs where status not in ${ended}`)
    .pluck()
    .all();
  if (left.length > 0) world.breaks('L11', `after two days ${left.join(', ')}`);
};

/** S20, S21: what counts as sent was taken, what was given up has a reason, and the newest card of each run is shown. */
export const checkOutbox = (world: World, wasTaken: (key: string, address: string) => boolean): void => {
  const rows = world.db
    .prepare<[], { key: string; address: string; state: string; error: string | null; draft: string }>(
      "select key, address, state, error, draft from outbox where channel = 'telegram'",
    )
    .all();
  for (const { key, address, state, error } of rows) {
    if (state === 'sent' && !wasTaken(key, address))
      world.breaks('S20', `${key} counts as sent, and Telegram never took it`);
    if (state === 'dead' && (error ?? '') === '') world.breaks('S20', `${key} was given up for no reason`);
  }
  const outdated = world.db
    .prepare<[], string>(
      "select o.key from outbox o where o.kind = 'card' and o.state = 'superseded' and o.channel = 'telegram' and not exists " +
        '(select 1 from outbox n where n.run_id = o.run_id and n.kind = o.kind and n.id > o.id)',
    )
    .pluck()
    .all();
  for (const key of outdated) world.breaks('L5', `${key} is the newest card of its run and was left out`);
};

/** L13: whoever fell silent was missed. */
export const checkAlarms = (world: World, silent: readonly string[]): void => {
  const told = world.db
    .prepare<[], string>(
      "select payload ->> 'name' from events where chain = 'system' and type = 'queue_worker_silent'",
    )
    .pluck()
    .all();
  for (const name of silent)
    if (!told.includes(name)) world.breaks('L13', `nobody was told that ${name} is silent`);
};

/** Workers that are registered and do not live any more. */
export const silentWorkers = (world: World): readonly string[] => {
  const alive = world.programs.map(({ name }) => name);
  return world.db
    .prepare<[], string>("select name from queue_heartbeat where kind = 'worker' and silent_at is null")
    .pluck()
    .all()
    .filter((name) => !alive.includes(name));
};
