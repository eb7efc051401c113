import type { IWebSessions } from '../../core/ports/web-sessions.ts';
import type { Engine } from '../engine.ts';
import { first, rows } from '../steps.ts';

interface Row {
  readonly id_hash: string;
  readonly identity: string;
  readonly signed_in_at: number;
  readonly until: number;
}

export const webSessionsOf = (engine: Engine): IWebSessions => ({
  find: async (idHash) => {
    const row = await engine.read(() =>
      first<Row>(
        'select id_hash, identity, signed_in_at, until from web_sessions where id_hash = $1',
        idHash,
      ),
    );
    return row && { idHash, identity: row.identity, signedInAt: row.signed_in_at, until: row.until };
  },
  open: async ({ idHash, identity, signedInAt, until }) => {
    await engine.write(function* () {
      yield* rows('delete from web_sessions where until <= $1', signedInAt);
      yield* rows(
        'insert into web_sessions (id_hash, identity, signed_in_at, until) values ($1, $2, $3, $4)',
        idHash,
        identity,
        signedInAt,
        until,
      );
    });
  },
  close: async (idHash) => {
    await engine.write(() => rows('delete from web_sessions where id_hash = $1', idHash));
  },
});
