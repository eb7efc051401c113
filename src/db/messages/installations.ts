import type { IInstallations, Installation } from '../../core/ports/installations.ts';
import type { Engine } from '../engine.ts';
import { rows } from '../steps.ts';

export const installationsOf = (engine: Engine): IInstallations => ({
  find: async (channel, account) => {
    const [found] = await engine.read(() =>
      rows<Installation>(
        'select channel, account, sealed, at from installations where channel = $1 and account = $2',
        channel,
        account,
      ),
    );
    return found;
  },
  put: async ({ channel, account, sealed, at }) => {
    await engine.write(() =>
      rows(
        'insert into installations (channel, account, sealed, at) values ($1, $2, $3, $4) ' +
          'on conflict (channel, account) do update set sealed = excluded.sealed, at = excluded.at',
        channel,
        account,
        sealed,
        at,
      ),
    );
  },
  remove: async (channel, account) => {
    await engine.write(() =>
      rows('delete from installations where channel = $1 and account = $2', channel, account),
    );
  },
});
