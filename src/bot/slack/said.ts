/**
 * What somebody wrote, out of what Slack made of it: the mention of the bot is gone, links and names are words again, and
 * the three characters that Slack escapes are themselves.
 */
export const saidIn = (text: string, botUser: string | undefined): string =>
  unescaped(
    (botUser === undefined ? text : text.replaceAll(`<@${botUser}>`, ' '))
      .replaceAll(/<[@#!]([^<>|]*)(?:\|([^<>|]*))?>/g, (_, id: string, name?: string) => name ?? id)
      .replaceAll(
        /<(?:mailto:|tel:)?([^<>|]*)(?:\|([^<>|]*))?>/g,
        (_, url: string, label?: string) => label ?? url,
      ),
  ).trim();

/** In this order, or an escaped escape would be read twice. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replaceAll('\0', '\uFFFD');

export const mentions = (text: string, user: string | undefined): boolean =>
  user !== undefined && text.includes(`<@${user}>`);
