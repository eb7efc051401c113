import { z } from 'zod';
import type { SlackSettings } from '../../config/settings.ts';
import { ANSWER_MS, type Inquiry, known, refused, silence, unreachable } from './inquiry.ts';

/** Without these something that people are told to do does not work. */
const NEEDED = ['chat:write', 'commands', 'app_mentions:read', 'im:history', 'im:write'];
/** Without these it works less well. */
const WANTED = ['files:write', 'channels:read', 'groups:read'];

export interface SlackSeen {
  readonly bot: string;
  readonly team: string;
  readonly teamId?: string;
  /** What works less well, and what to do about it. */
  readonly less?: { readonly scopes: string; readonly cure: string };
}

/** Who we are to Slack, and whether the bot token allows what people are told to do. */
export const lookAtSlack = async (apiRoot: string, botToken: string): Promise<Inquiry<SlackSeen>> => {
  const me = await call(apiRoot, 'auth.test', botToken);
  if (typeof me === 'string') return unreachable(me, NETWORK);
  if (!me.ok) {
    const cure = 'take the Bot User OAuth Token (xoxb-…) of the app into SLACK_BOT_TOKEN';
    return refused(`the bot token is refused (${me.error ?? 'no reason'})`, cure);
  }
  const { scopes, team_id: teamId, user: bot = 'unknown', team = 'a workspace without a name' } = me;
  const lacks = (wanted: readonly string[]): string =>
    wanted.filter((scope) => scopes !== undefined && !scopes.includes(scope)).join(', ');
  const missing = lacks(NEEDED);
  if (missing !== '') {
    const words = `auth.test @${bot} in ${team}, but the token does not allow ${missing}`;
    return refused(words, addScopes(missing));
  }
  const less = lacks(WANTED);
  return known({
    bot,
    team,
    ...(teamId === undefined ? {} : { teamId }),
    ...(less === '' ? {} : { less: { scopes: less, cure: addScopes(less) } }),
  });
};

const addScopes = (scopes: string): string =>
  `add ${scopes} under OAuth & Permissions of the app, and install it again`;

/** Whether the app token gets us a socket. */
export const openSlackSocket = async (apiRoot: string, appToken: string): Promise<Inquiry<'Socket Mode'>> => {
  const opened = await call(apiRoot, 'apps.connections.open', appToken);
  if (typeof opened === 'string') return unreachable(opened, NETWORK);
  if (opened.ok) return known('Socket Mode');
  const cure =
    'turn Socket Mode on in the app, and take an App-Level Token with connections:write into SLACK_APP_TOKEN';
  return refused(`the app token opens no socket (${opened.error ?? 'no reason'})`, cure);
};

const NETWORK = 'check the network and SLACK_API_ROOT';

const Answer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  user: z.string().optional(),
  team: z.string().optional(),
  team_id: z.string().optional(),
});

interface Answered extends z.output<typeof Answer> {
  /** What the token allows, where Slack says so. */
  readonly scopes?: readonly string[];
}

/** The answer, or in words why there is none. */
const call = async (
  apiRoot: SlackSettings['apiRoot'],
  method: string,
  token: string,
): Promise<Answered | string> => {
  const root = apiRoot.replace(/\/*$/, '/');
  const { host } = new URL(root);
  try {
    const response = await fetch(`${root}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer = Answer.safeParse(await response.json()).data;
    if (answer === undefined) return `${host} gives answers that are not Slack's`;
    const scopes = response.headers.get('x-oauth-scopes');
    return { ...answer, ...(scopes === null ? {} : { scopes: scopes.split(',').map((one) => one.trim()) }) };
  } catch (error) {
    return silence(host, error);
  }
};
