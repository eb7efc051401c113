import { rows, type Steps } from '../steps.ts';

/** Nothing goes there any more, and what waits to go there is given up. */
export function* suspend(address: string, reason: string, at: number): Steps<void> {
  yield* rows(
    'insert into addresses (address, suspended_because, at) values ($1, $2, $3) ' +
      'on conflict (address) do update set suspended_because = excluded.suspended_because, at = excluded.at',
    address,
    reason,
    at,
  );
  yield* rows(
    "update outbox set state = 'dead', error = $2, closed_at = $3 where address = $1 and state = 'open'",
    address,
    reason,
    at,
  );
}

/** Letting the bot back into a chat lets it back into every topic of that chat. */
export function* unsuspend(address: string, at: number): Steps<void> {
  yield* rows(
    'update addresses set suspended_because = null, at = $2 ' +
      'where address = $1 or (suspended_because is not null and substr(address, 1, $3) = $4)',
    address,
    at,
    address.length + 1,
    `${address}/`,
  );
}
