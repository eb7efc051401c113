import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Webhook } from '../../core/ports/channel.ts';
import type { IInstallations } from '../../core/ports/installations.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { CHANNEL } from './address.ts';
import { slackClient } from './client.ts';
import { describe } from './errors.ts';
import { seal } from './sealed.ts';

export interface InstallParts {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiRoot: string;
  readonly publicUrl: string;
  readonly installations: IInstallations;
  readonly observe: Observe;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Everything that docs/slack.md asks for, and nothing else. */
const SCOPES = [
  'app_mentions:read',
  'channels:read',
  'chat:write',
  'chat:write.public',
  'commands',
  'files:write',
  'groups:read',
  'im:history',
  'im:write',
];

const COOKIE = 'textops_slack';
const WAY_MS = 10 * 60_000;

/** Where a workspace installs the app for itself. The way back is for the browser that began it, and for ten minutes. */
export const installPages = (parts: InstallParts): readonly Webhook[] => [
  { method: 'GET', path: '/slack/install', access: 'open', handle: () => Promise.resolve(begin(parts)) },
  { method: 'GET', path: '/slack/oauth', access: 'open', handle: (request) => end(parts, request) },
];

const begin = ({ clientId, clientSecret, apiRoot, publicUrl, now }: InstallParts): Response => {
  const state = `${now() + WAY_MS}.${randomBytes(16).toString('base64url')}`;
  const to = new URL('../oauth/v2/authorize', apiRoot.replace(/\/*$/, '/'));
  to.searchParams.set('client_id', clientId);
  to.searchParams.set('scope', SCOPES.join(','));
  to.searchParams.set('redirect_uri', `${publicUrl}/slack/oauth`);
  to.searchParams.set('state', state);
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const cookie = `${COOKIE}=${proofOf(state, clientSecret)}; Path=/slack; Max-Age=${WAY_MS / 1000}; HttpOnly; SameSite=Lax`;
  return new Response(null, { status: 302, headers: { location: to.href, 'set-cookie': cookie + secure } });
};

/** What only the browser has that we gave this state to. */
const proofOf = (state: string, clientSecret: string): string =>
  createHmac('sha256', clientSecret).update(`install ${state}`, 'utf8').digest('base64url');

const end = async (parts: InstallParts, request: Request): Promise<Response> => {
  const asked = new URL(request.url).searchParams;
  if (!isSameBrowser(parts, asked.get('state') ?? '', request.headers.get('cookie') ?? '')) {
    parts.observe({ kind: 'auth_refused', channel: CHANNEL, reason: 'bad_signature' });
    return page(
      403,
      'This did not begin here, or longer than ten minutes ago. Begin again at /slack/install',
    );
  }
  const code = asked.get('code');
  if (code === null) return page(200, 'Nothing was installed.');
  try {
    return await install(parts, code);
  } catch (error) {
    parts.observe({ kind: 'loop_faulted', loop: 'slack install', error: new Error(describe(error)) });
    return page(502, `Slack did not let us in (${describe(error)}). Begin again at /slack/install`);
  }
};

const isSameBrowser = ({ clientSecret, now }: InstallParts, state: string, cookies: string): boolean => {
  const until = Number(/^(\d{1,16})\.[\w-]{22}$/.exec(state)?.[1] ?? 0);
  const expected = Buffer.from(proofOf(state, clientSecret), 'latin1');
  const given = Buffer.from(new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(cookies)?.[1] ?? '', 'latin1');
  return until > now() && given.length === expected.length && timingSafeEqual(given, expected);
};

const access = z.object({
  access_token: z.string().min(1),
  bot_user_id: z.string().min(1),
  team: z.object({ id: z.string().min(1), name: z.string().optional() }),
});

const install = async (parts: InstallParts, code: string): Promise<Response> => {
  const { clientId, clientSecret, apiRoot, publicUrl, installations, now, observe } = parts;
  const signal = AbortSignal.timeout(RETRIES.slackSession.tryMsMax);
  const client = await slackClient({ token: '', apiRoot, signal });
  const answer = await client.oauth.v2.access({
    client_id: clientId,
    client_secret: clientSecret,
    code,
    redirect_uri: `${publicUrl}/slack/oauth`,
  });
  const read = access.safeParse(answer);
  if (!read.success)
    return page(400, 'Only one workspace at a time can install it, not a whole organisation.');
  const { access_token: token, bot_user_id: botUser, team } = read.data;
  const sealed = seal({ token, botUser }, team.id, clientSecret);
  await installations.put({ channel: CHANNEL, account: team.id, sealed, at: now() });
  observe({ kind: 'started', what: `slack in ${team.id}` });
  return page(200, 'Installed. Write "link" to the bot in a direct message, and give the code to an owner.');
};

const page = (status: number, words: string): Response => new Response(`${words}\n`, { status });
