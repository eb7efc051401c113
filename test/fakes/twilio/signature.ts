import { createHmac } from 'node:crypto';

/** As Twilio's documentation describes it: the address, then every field's name and value, sorted by name. */
export const signatureOf = (
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
): string => {
  const names = Object.keys(form).toSorted();
  const text = names.reduce((before, name) => `${before}${name}${form[name] ?? ''}`, url);
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
};
