import type { MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { ProblemError } from '../problem.ts';
import type { WebDeps, WebEnv } from '../web-deps.ts';
import { document } from './page.ts';
import { htmlResponse, wantsPage } from './respond.ts';

/** Whoever asked for a page gets a refusal as a page; the words are those that a program gets. */
export const problemPages =
  ({ profile }: Pick<WebDeps, 'profile'>): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    await next();
    const { error } = c;
    if (error === undefined || !wantsPage(c)) return;
    const problem = error instanceof ProblemError ? error : undefined;
    const title =
      problem === undefined ? 'Something went wrong' : (TITLES[problem.status] ?? 'That did not work');
    const words =
      problem?.message ?? 'Something went wrong here. It is in the log; nothing about it is told to callers.';
    const body = html`<div class="door"><h1>${title}</h1><p>${words}</p><p class="buttons"><a class="button" href="/">Overview</a></p></div>`;
    const page = document({ title, body }, { profile, reader: { now: 0, timezone: 'UTC' } });
    const { headers } = c.res;
    c.res = undefined;
    c.res = await htmlResponse(c, page, KNOWN.find((status) => status === problem?.status) ?? 500);
    for (const name of ['allow', 'www-authenticate']) {
      const value = headers.get(name);
      if (value !== null) c.res.headers.set(name, value);
    }
  };

const KNOWN = [400, 401, 403, 404, 405, 409, 413, 422, 500, 503] as const;

const TITLES: Readonly<Record<number, string>> = {
  400: 'That cannot be read',
  401: 'Sign in first',
  403: 'That is not for you',
  404: 'There is nothing here',
  405: 'That cannot be done here',
  409: 'That has changed meanwhile',
};
