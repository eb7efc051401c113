import { createHash, randomBytes } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import { TOKEN_PREFIX } from '../core/people/token.ts';

/** For things that nobody has to know in advance: event keys of synchronous doors, one-time codes, names of processes. */
export const newKey = (bytes = 16): string => randomBytes(bytes).toString('base64url');

/** For the HTTP interface: 256 bits of chance. */
export const newApiToken = (): string => `${TOKEN_PREFIX}${newKey(32)}`;

/**
 * The key behind button tokens. It comes from the bot's own secret, so that every process of an installation mints the
 * same tokens and a restart keeps the buttons of yesterday's cards alive; without any secret there are only the buttons of
 * this process's terminal.
 */
export const buttonKey = ({ telegram, slack }: Settings): string => {
  const secret = telegram?.token ?? slack?.signingSecret ?? slack?.botToken;
  return secret === undefined
    ? newKey(32)
    : createHash('sha256').update(`textops buttons\n${secret}`).digest('hex');
};

/** Whatever must never be seen in a log. */
export const secretsOf = (
  settings: Settings,
  values: Readonly<Record<string, string>>,
): readonly string[] => {
  const { telegram, slack, twilio, oidc, apiTokens, database, otlpEndpoint } = settings;
  const password = database.dialect === 'pg' ? passwordOf(database.url) : undefined;
  const known = [
    telegram?.token,
    telegram?.webhookSecret,
    slack?.botToken,
    slack?.signingSecret,
    slack?.appToken,
    slack?.oauth?.clientSecret,
    twilio?.authToken,
    oidc?.client?.secret,
    password,
    otlpEndpoint === undefined ? undefined : passwordOf(otlpEndpoint),
    ...apiTokens.map((token) => token.token),
    ...Object.values(values),
  ];
  // Shorter words would black out ordinary text.
  return known.filter((secret): secret is string => secret !== undefined && secret.length >= 8);
};

const passwordOf = (url: string): string | undefined => {
  if (!URL.canParse(url)) return undefined;
  const { password } = new URL(url);
  return password === '' ? undefined : decodeURIComponent(password);
};
