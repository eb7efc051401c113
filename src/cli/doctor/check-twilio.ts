import type { TwilioSettings } from '../../config/settings.ts';
import { hostOf } from '../providers/inquiry.ts';
import { handCure, lookAtNumber, lookAtTwilio } from '../providers/twilio.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

const WHAT = 'twilio';

/** Whether the account sends, from a number of its own, and sends us what comes in. The token is never shown. */
export const checkTwilio = async (
  twilio: TwilioSettings,
  publicUrl: string | undefined,
): Promise<Finding> => {
  const account = await lookAtTwilio(twilio);
  if (!account.ok) return bad(WHAT, account.words, account.cure);
  if (publicUrl?.startsWith('https:') !== true) {
    return warning(
      WHAT,
      'PUBLIC_URL is not https, so Twilio cannot call it',
      'set PUBLIC_URL to an https address',
    );
  }
  if (twilio.from.startsWith('MG')) {
    return ok(WHAT, `messaging service ${twilio.from.slice(0, 6)}…; its webhook is not looked at`);
  }
  const trial = account.value.trial ? ', a trial: it texts verified numbers only' : '';
  return checkNumber(twilio, `${publicUrl}/webhooks/twilio`, trial);
};

const checkNumber = async (twilio: TwilioSettings, wanted: string, trial: string): Promise<Finding> => {
  const number = await lookAtNumber(twilio);
  if (!number.ok) return bad(WHAT, number.words, number.cure);
  const { url, method } = number.value;
  if (url === wanted && method === 'POST') return ok(WHAT, `${twilio.from}, webhook set${trial}`);
  const where = url === '' ? 'nowhere' : `to ${hostOf(url)} by ${method}`;
  return bad(WHAT, `what comes in at ${twilio.from} goes ${where}`, handCure(wanted));
};
