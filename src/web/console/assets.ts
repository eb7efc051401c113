import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const here = (name: string): string =>
  readFileSync(new URL(`../../../console/${name}`, import.meta.url), 'utf8');

const packaged = (name: string): string =>
  readFileSync(createRequire(import.meta.url).resolve(`htmx.org/dist/${name}`), 'utf8');

/** The name changes with the content, so that a browser may keep it for ever. */
const asset = (name: string, type: string, text: string): Asset => {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { path: `/assets/${name.replace('.', `-${hash}.`)}`, type, text };
};

// In one file: as two, the stream sometimes did not begin, because htmx may start before its extension is there.
const script = asset(
  'console.js',
  'text/javascript; charset=utf-8',
  [packaged('htmx.min.js'), packaged('ext/hx-sse.min.js'), here('console.js')].join('\n'),
);
const style = asset('console.css', 'text/css; charset=utf-8', here('console.css'));
const icon = asset('icon.svg', 'image/svg+xml', here('icon.svg'));

/** Where pages find them. */
export const ASSETS = { script: script.path, style: style.path, icon: icon.path } as const;

export const assetAt = (path: string): Asset | undefined =>
  [script, style, icon].find((one) => one.path === path);
