import { z } from 'zod';
import type { SlackSettings } from '../../config/settings.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

const WHAT = 'slack';

/** Without these something that people are told to do does not work. */
const NEEDED = ['chat:write', 'commands', 'app_mentions:read', 'im:history', 'im:write'];
/** Without these it works less well. */
const WANTED = ['files:write', 'channels:read', 'groups:read'];

/** Whether Slack takes the tokens, what they allow, and how its messages reach us. No token is ever shown. */
export const checkSlack = async (slack: SlackSettings, publicUrl: string | undefined): Promise<Finding> => {
  const { botToken, appToken, apiRoot, oauth } = slack;
  if (botToken === undefined && oauth !== undefined) {
    const way = byCalls(publicUrl);
    return typeof way === 'string' ? ok(WHAT, `installed at ${publicUrl ?? ''}/slack/install, ${way}`) : way;
  }
  if (botToken === undefined)
    return bad(WHAT, 'there is no bot token', 'set SLACK_BOT_TOKEN; docs/slack.md says where it is');
  const me = await call(apiRoot, 'auth.test', botToken);
  if (typeof me === 'string') return bad(WHAT, me, 'check the network and SLACK_API_ROOT');
  if (!me.ok) {
    const cure = 'take the Bot User OAuth Token (xoxb-…) of the app into SLACK_BOT_TOKEN';
    return bad(WHAT, `the bot token is refused (${me.error ?? 'no reason'})`, cure);
  }
  const name = `auth.test @${me.user ?? 'unknown'} in ${me.team ?? 'a workspace without a name'}`;
  const missing = NEEDED.filter((scope) => me.scopes !== undefined && !me.scopes.includes(scope));
  if (missing.length > 0) {
    const cure = `add ${missing.join(', ')} under OAuth & Permissions of the app, and install it again`;
    return bad(WHAT, `${name}, but the token does not allow ${missing.join(', ')}`, cure);
  }
  const way = appToken === undefined ? byCalls(publicUrl) : await bySocket(apiRoot, appToken);
  if (typeof way !== 'string') return way;
  const less = WANTED.filter((scope) => me.scopes !== undefined && !me.scopes.includes(scope));
  if (less.length === 0) return ok(WHAT, `${name}, ${way}`);
  const cure = `add ${less.join(', ')} under OAuth & Permissions of the app, and install it again`;
  return warning(WHAT, `${name}, ${way}, without ${less.join(', ')}`, cure);
};

const bySocket = async (apiRoot: string, appToken: string): Promise<Finding | string> => {
  const opened = await call(apiRoot, 'apps.connections.open', appToken);
  if (typeof opened === 'string') return bad(WHAT, opened, 'check the network and SLACK_API_ROOT');
  if (opened.ok) return 'Socket Mode';
  const cure =
    'turn Socket Mode on in the app, and take an App-Level Token with connections:write into SLACK_APP_TOKEN';
  return bad(WHAT, `the app token opens no socket (${opened.error ?? 'no reason'})`, cure);
};

const byCalls = (publicUrl: string | undefined): Finding | string => {
  if (publicUrl?.startsWith('https:') === true) return `called at ${publicUrl}/webhooks/slack`;
  const cure = 'set PUBLIC_URL to an https address, or SLACK_APP_TOKEN for a socket';
  return warning(WHAT, 'PUBLIC_URL is not https, so Slack cannot call it', cure);
};

const Answer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  user: z.string().optional(),
  team: z.string().optional(),
});

interface Answered extends z.output<typeof Answer> {
  /** What the token allows, where Slack says so. */
  readonly scopes?: readonly string[];
}

/** The answer, or in words why there is none. */
const call = async (apiRoot: string, method: string, token: string): Promise<Answered | string> => {
  const root = apiRoot.replace(/\/*$/, '/');
  const { host } = new URL(root);
  try {
    const response = await fetch(`${root}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5_000),
    });
    const answer = Answer.safeParse(await response.json()).data;
    if (answer === undefined) return `${host} gives answers that are not Slack's`;
    const scopes = response.headers.get('x-oauth-scopes');
    return { ...answer, ...(scopes === null ? {} : { scopes: scopes.split(',').map((one) => one.trim()) }) };
  } catch (error) {
    const slow = error instanceof DOMException && error.name === 'TimeoutError';
    return `${host} ${slow ? 'does not answer within 5 s' : 'cannot be reached'}`;
  }
};
