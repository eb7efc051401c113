/** The words of the grammar that our messages name with a slash, where other channels take them like that. */
const WORDS = [
  'run|yes|no|approve|deny|resume|status|cancel|recover|jobs|job|runs|schedules|schedule|log|why|summary|ops|help|whoami',
  'link|unlink|admit|revoke|people|prefs|gates|freeze|unfreeze|pause|unpause|deadletters|accept',
].join('|');

const COMMAND = new RegExp(`(?<![\\w/.:])/(${WORDS})(?![\\w/])`, 'g');

/** On Slack every slash belongs to one app: `/run backup` is `/textops run backup`. */
export const withCommand = (text: string): string => text.replaceAll(COMMAND, '/textops $1');
