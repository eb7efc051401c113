/** An address as it may be shown: without the password that may stand in it, wherever. Anything else is as it was. */
export const withoutSecrets = (text: string): string => {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  const named = [...url.searchParams.keys()].filter((key) => SECRET.test(key));
  if (url.password === '' && named.length === 0) return text;
  if (url.password !== '') url.password = '***';
  for (const key of named) url.searchParams.set(key, '***');
  return url.href;
};

const SECRET = /pass|secret|key|token/i;
