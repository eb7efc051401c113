import type { SlackSettings } from '../../config/settings.ts';
import { lookAtSlack, openSlackSocket } from '../providers/slack.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

const WHAT = 'slack';

/** Whether Slack takes the tokens, what they allow, and how its messages reach us. No token is ever shown. */
export const checkSlack = async (slack: SlackSettings, publicUrl: string | undefined): Promise<Finding> => {
  const { botToken, appToken, apiRoot, oauth } = slack;
  if (botToken === undefined && oauth !== undefined) {
    const way = byCalls(publicUrl);
    return typeof way === 'string' ? ok(WHAT, `installed at ${publicUrl ?? ''}/slack/install, ${way}`) : way;
  }
  if (botToken === undefined)
    return bad(WHAT, 'there is no bot token', 'set SLACK_BOT_TOKEN; docs/slack.md says where it is');
  const me = await lookAtSlack(apiRoot, botToken);
  if (!me.ok) return bad(WHAT, me.words, me.cure);
  const { bot, team, less } = me.value;
  const way = appToken === undefined ? byCalls(publicUrl) : await bySocket(apiRoot, appToken);
  if (typeof way !== 'string') return way;
  const name = `auth.test @${bot} in ${team}`;
  if (less === undefined) return ok(WHAT, `${name}, ${way}`);
  return warning(WHAT, `${name}, ${way}, without ${less.scopes}`, less.cure);
};

const bySocket = async (apiRoot: string, appToken: string): Promise<Finding | string> => {
  const opened = await openSlackSocket(apiRoot, appToken);
  return opened.ok ? opened.value : bad(WHAT, opened.words, opened.cure);
};

const byCalls = (publicUrl: string | undefined): Finding | string => {
  if (publicUrl?.startsWith('https:') === true) return `called at ${publicUrl}/webhooks/slack`;
  const cure = 'set PUBLIC_URL to an https address, or SLACK_APP_TOKEN for a socket';
  return warning(WHAT, 'PUBLIC_URL is not https, so Slack cannot call it', cure);
};
