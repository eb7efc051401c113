import type { WebContext } from '../web-deps.ts';
import type { Html } from './html.ts';

/** Scripts, styles and everything else from here, and nothing inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export const htmlResponse = async (
  c: WebContext,
  page: Html,
  status: 200 | 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 500 | 503 = 200,
): Promise<Response> =>
  c.html(await page, status, {
    'content-security-policy': POLICY,
    // With a stricter one a browser says of a form only that it comes from nowhere, and such a form is refused.
    'referrer-policy': 'same-origin',
    vary: 'accept',
  });

export const isReading = (c: WebContext): boolean => c.req.method === 'GET' || c.req.method === 'HEAD';

export const wantsPage = (c: WebContext): boolean =>
  /text\/(?:html|event-stream)/.test(c.req.header('accept') ?? '');

/** Where to go next, on this very server and nowhere else. */
export const pathOf = (path: string | undefined, otherwise = '/'): string =>
  path !== undefined && /^\/(?![/\\])[\w./~%?&=-]*$/.test(path) ? path : otherwise;
