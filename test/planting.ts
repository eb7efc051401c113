import { registerHooks } from 'node:module';

/** One passage of a source file, and how it would read with a mistake in it. */
export interface Misreading {
  /** From the root of the project: `src/core/runs/decide.ts`. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly from: string;
  readonly to: string;
}

/**
 * Plants mistakes into the program: whatever this thread loads from now on is read as it is, but for these passages. The
 * program itself knows nothing of it, and a passage that is not there exactly once ends the thread, so no mistake can rot.
 */
export const plantInto = (misreadings: readonly Misreading[]): void => {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const here = misreadings.filter(({ file }) => url.endsWith(`/${file}`));
      if (here.length === 0) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? new Uint8Array());
      return { ...loaded, source: here.reduce(misread, text) };
    },
  });
};

export const misread = (text: string, { file, from, to }: Misreading): string => {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places that read: ${from}`);
  return parts.join(to);
};
