/**
 * A read whose answer serves whoever asks within `ms`. `forget` when it is known to be worth nothing any more; a fault is never
 * remembered, so that whoever asks next asks the database.
 */
export const recentRead = <T>(ms: number, read: () => Promise<T>) => {
  let kept: { readonly answer: Promise<T>; readonly until: number } | undefined;
  return {
    recent: (): Promise<T> => {
      const now = performance.now();
      if (kept !== undefined && now < kept.until) return kept.answer;
      const fresh = { answer: read(), until: now + ms };
      kept = fresh;
      fresh.answer.catch(() => {
        if (kept === fresh) kept = undefined;
      });
      return fresh.answer;
    },
    forget: (): void => {
      kept = undefined;
    },
  };
};
