import { registerHooks } from 'node:module';
import { BUGS, type Bug } from './bugs.ts';

/**
 * Plants a bug: every module of the program that this thread loads from now on is read as it is, but for one passage. The
 * program itself knows nothing of it. A passage that is not there exactly once ends the thread, so no bug can rot.
 */
export const plant = (name: string): void => {
  const bug = BUGS.find((one) => one.name === name);
  if (bug === undefined) throw new Error(`there is no bug called ${name}`);
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const edits = bug.edits.filter(({ file }) => url.endsWith(`/src/${file}`));
      if (edits.length === 0 || loaded.source === undefined || loaded.source === null) return loaded;
      const source = edits.reduce(edited, textOf(loaded.source));
      return { ...loaded, source };
    },
  });
};

const textOf = (source: string | ArrayBuffer | NodeJS.TypedArray): string =>
  typeof source === 'string' ? source : new TextDecoder().decode(source);

/** The passage has to stand there, and only once. */
export const edited = (text: string, { file, from, to }: Bug['edits'][number]): string => {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`src/${file} does not have this passage exactly once any more: ${from}`);
  }
  return `${before}${to}${after}`;
};
