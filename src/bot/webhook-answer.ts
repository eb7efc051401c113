/** What a provider is told that calls us, where it is not simply thanked. */

export const refusal = (status: number, why: string): Response =>
  Response.json(
    { type: 'about:blank', title: 'Refused', status, code: 'webhook_refused', detail: `This is ${why}.` },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );

/** Before the start, after the end, and while nothing can be stored: every provider comes again. */
export const comeAgain = (): Response => new Response(null, { status: 503, headers: { 'retry-after': '5' } });
