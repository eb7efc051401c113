import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** What we need in a workspace that installed us. */
export interface Installed {
  readonly token: string;
  readonly botUser: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The key comes from the secret of the app, which no database holds. */
const keyOf = (clientSecret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', clientSecret, '', 'textops slack installations', 32));

/** Bound to its workspace: moved to the row of another one it does not open. */
export const seal = (installed: Installed, team: string, clientSecret: string): string => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(clientSecret), iv).setAAD(Buffer.from(team, 'utf8'));
  const hidden = Buffer.concat([cipher.update(JSON.stringify(installed), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), hidden]).toString('base64url');
};

const shape = z.object({ token: z.string(), botUser: z.string() });

/** Undefined when it was sealed with another secret, for another workspace, or changed since. */
export const unseal = (sealed: string, team: string, clientSecret: string): Installed | undefined => {
  const bytes = Buffer.from(sealed, 'base64url');
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(clientSecret), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(team, 'utf8')).setAuthTag(tag);
    const shown = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return shape.safeParse(JSON.parse(shown.toString('utf8'))).data;
  } catch {
    return undefined;
  }
};
