import type { CliContext } from '../context.ts';
import { ask, type Question } from '../linking/ask.ts';
import {
  assertFree,
  type Given,
  keep,
  type LinkOptions,
  proven,
  START_STEP,
  settingsWith,
  tell,
} from '../linking/guide.ts';
import { hostOf } from '../providers/inquiry.ts';
import { lookAtNumber, lookAtTwilio, routeNumber, type TwilioNumber } from '../providers/twilio.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

export interface SmsOptions extends LinkOptions {
  readonly publicUrl?: string;
}

/** `textops link sms`: proves account and number, has its texts sent here, and keeps the variables. */
export const linkSms = async (context: CliContext, options: SmsOptions): Promise<ExitCode> => {
  const given = await told(context, options);
  const { twilio, publicUrl } = settingsWith(context, given);
  if (twilio === undefined || publicUrl === undefined)
    throw new Error('an account was given and makes no channel');
  if (!publicUrl.startsWith('https:')) {
    const message = 'PUBLIC_URL is not https, so Twilio cannot call it; nothing changed.';
    throw new Stop({ code: 'REFUSED', message, hint: 'Give an https address that ends at HTTP_PORT.' });
  }
  const { trial } = proven(await lookAtTwilio(twilio));
  const webhook = `${publicUrl}/webhooks/twilio`;
  // A messaging service has numbers of its own, and a webhook that only its owner looks after.
  const number = twilio.from.startsWith('MG') ? undefined : proven(await lookAtNumber(twilio));
  const isSet = number?.url === webhook && number.method === 'POST';
  if (number !== undefined && !isSet) assertMayRoute(twilio.from, number, options);
  const kept = await keep(context, given, async () => {
    if (number !== undefined && !isSet) proven(await routeNumber(twilio, number, webhook));
  });
  if (trial) context.voice.talk('This is a trial account: it texts verified numbers only.');
  const more = { from: twilio.from, webhook, routed: number !== undefined, trial };
  const words = `The account is good, and texts go from ${twilio.from}`;
  tell(context, { channel: 'sms', words, kept, more }, nextSteps(twilio.from, webhook, number !== undefined));
  return EXIT.done;
};

const told = async (context: CliContext, options: SmsOptions): Promise<Given> => {
  const { environment, io } = context;
  assertFree(context, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM']);
  const asked: Question[] = [
    { words: 'Account SID (AC…)', echo: 'shown' },
    { words: 'Auth token', echo: 'hidden' },
    { words: 'Number that texts are sent from (+15551234567)', echo: 'shown' },
  ];
  const { publicUrl } = options;
  if (publicUrl !== undefined) assertFree(context, ['PUBLIC_URL']);
  const isKnown = publicUrl !== undefined || (environment().values['PUBLIC_URL'] ?? '') !== '';
  if (!isKnown && options.tokenStdin) {
    const message = 'PUBLIC_URL is not set, and Twilio has to reach this instance; nothing changed.';
    throw new Stop({ code: 'USAGE', message, hint: 'Name it: --public-url https://ops.example.org' });
  }
  if (!isKnown) {
    assertFree(context, ['PUBLIC_URL']);
    asked.push({ words: 'How Twilio reaches this instance (https://…)', echo: 'shown' });
  }
  const [accountSid = '', authToken = '', from = '', typedUrl] = await ask(io, options, asked);
  const url = publicUrl ?? typedUrl;
  return {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: from,
    ...(url === undefined ? {} : { PUBLIC_URL: url }),
  };
};

/** New numbers point to a page of Twilio's own that says hello: nobody's program. */
const DEMO_HOST = 'demo.twilio.com';

const assertMayRoute = (from: string, { url }: TwilioNumber, { takeOver }: LinkOptions): void => {
  if (url === '' || hostOf(url) === DEMO_HOST || takeOver === true) return;
  throw new Stop({
    code: 'REFUSED',
    message: `What comes in at ${from} goes to ${hostOf(url)}; nothing changed.`,
    hint: 'Take another number for TextOps, or this one from there with --take-over.',
  });
};

const nextSteps = (from: string, webhook: string, isRouted: boolean): readonly string[] => [
  ...(isRouted
    ? []
    : [`In the Twilio console set "A message comes in" of the messaging service to POST ${webhook}`]),
  START_STEP,
  'Say whose your telephone is: /link +NUMBER on Telegram, or "sms:+NUMBER" among the identities of a person in textops.yaml.',
  `Text MENU to ${from}.`,
];
