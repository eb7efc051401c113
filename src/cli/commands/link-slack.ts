import type { Person } from '../../core/people/person.ts';
import type { CliContext } from '../context.ts';
import { ask } from '../linking/ask.ts';
import {
  assertFree,
  keep,
  type LinkOptions,
  proven,
  START_STEP,
  settingsWith,
  tell,
  withStoreIfThere,
} from '../linking/guide.ts';
import { lookAtSlack, openSlackSocket, type SlackSeen } from '../providers/slack.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

/** `textops link slack`: proves both tokens of the app and keeps them. */
export const linkSlack = async (context: CliContext, options: LinkOptions): Promise<ExitCode> => {
  assertFree(context, ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']);
  context.voice.talk('docs/slack.md has the manifest of the app, and says where its two tokens are.');
  const [botToken = '', appToken = ''] = await ask(context.io, options, [
    { words: 'Bot User OAuth Token (xoxb-…)', echo: 'hidden' },
    { words: 'App-Level Token (xapp-…)', echo: 'hidden' },
  ]);
  const given = { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken };
  const { slack, database } = settingsWith(context, given);
  if (slack === undefined) throw new Error('tokens were given and make no channel');
  const seen = proven(await lookAtSlack(slack.apiRoot, botToken));
  proven(await openSlackSocket(slack.apiRoot, appToken));
  const { kept, people } = await withStoreIfThere(database, async (store) => {
    const known = (await store?.people.list()) ?? [];
    return { kept: await keep(context, given), people: known };
  });
  const { bot, team, teamId, less } = seen;
  if (less !== undefined) context.voice.talk(`Without ${less.scopes} it works less well: ${less.cure}.`);
  const more = { bot, team, teamId: teamId ?? null, without: less?.scopes ?? null };
  const words = `The tokens are good: @${bot} in ${team}, over a socket`;
  tell(context, { channel: 'slack', words, kept, more }, [START_STEP, ...whoSteps(seen, people), FIRST]);
  return EXIT.done;
};

const FIRST = 'In a channel: /textops jobs';

/** An owner admits others; the first one of all has to come from the file. */
const whoSteps = ({ bot, teamId }: SlackSeen, people: readonly Person[]): readonly string[] => {
  if (people.some(({ identities }) => identities.some((identity) => identity.startsWith('slack:')))) {
    return [`In Slack type: /textops whoami`];
  }
  if (people.some(({ roles }) => roles.includes('owner'))) {
    return [
      `In Slack write "link" to @${bot} in a direct message; give the code to an owner, who says: admit CODE ROLE`,
    ];
  }
  const identity = `slack:${teamId ?? 'TEAM'}:YOUR_ID`;
  return [
    `In Slack type: /textops whoami. The answer names your id there.`,
    `Write it into textops.yaml: people: { you: { identities: ["${identity}"], roles: [owner] } }`,
  ];
};
