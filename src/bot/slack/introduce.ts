import type { Observe } from '../../core/ports/observe.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { slackClient } from './client.ts';

/** Who we are in a workspace. */
export interface SlackSelf {
  readonly team: string;
  /** The user that our messages are written by, and that people mention. */
  readonly user: string;
  readonly name: string;
}

/** Before anything is taken in we have to know our own name. */
export const introduce = async (
  { token, apiRoot }: { readonly token: string; readonly apiRoot: string },
  observe: Observe,
  stopping: AbortSignal,
): Promise<SlackSelf> => {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(RETRIES.slackSession.tryMsMax)]);
  const client = await slackClient({ token, apiRoot, signal });
  const { team_id: team = '', user_id: user = '', user: name = '' } = await client.auth.test();
  observe({ kind: 'started', what: `slack @${name}` });
  return { team, user, name };
};
