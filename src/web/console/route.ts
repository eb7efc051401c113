import type { Permission } from '../access/permissions.ts';
import type { WebContext, WebDeps } from '../web-deps.ts';
import type { Reader } from './html.ts';
import type { Page } from './page.ts';
import type { Places } from './places.ts';
import type { Visitor } from './visitor.ts';

/** Somebody asks for something of the console. */
export interface Visit {
  readonly deps: WebDeps;
  readonly c: WebContext;
  readonly visitor: Visitor;
  readonly reader: Reader;
  /** Of everybody who watches pages of this process. */
  readonly streams: Places;
  /** The parts of the path that its pattern names. */
  readonly params: Readonly<Record<string, string>>;
  /** What was filled in, when something was. */
  readonly form: Readonly<Record<string, string>>;
}

/** Something to be looked at. */
export interface PageRoute {
  readonly path: string;
  readonly needs: Permission;
  readonly show: (visit: Visit) => Promise<Page | Response>;
}

/** Carries something out and leads back to a page, so that loading it again does nothing twice. */
export interface ActRoute {
  readonly path: string;
  readonly needs: Permission;
  /** A page instead says what is wrong with what was filled in, or what came of many things at once. */
  readonly act: (visit: Visit) => Promise<Page | Response>;
}

/** `/runs/:id` on `/runs/K7M2QX` is `{id: 'K7M2QX'}`; undefined when it does not fit. */
export const matched = (pattern: string, path: string): Readonly<Record<string, string>> | undefined => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return undefined;
    } else if (value === '') return undefined;
    else params[part.slice(1)] = decoded(value);
  }
  return params;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
