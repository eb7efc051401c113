/** Whether two values of JSON are the same, value by value. A key that only one of them has makes them differ. */
export const equal = (one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  // Counted instead of compared as lists: a million states are compared this way.
  let keys = 0;
  for (const key in one) {
    keys += 1;
    const mine = valueOf(one, key);
    const theirs = valueOf(other, key);
    // What is inherited is never the same as a value of JSON.
    if (mine !== theirs && !(Object.hasOwn(other, key) && equal(mine, theirs))) return false;
  }
  for (const _ in other) keys -= 1;
  return keys === 0;
};

const valueOf = (object: object, key: string): unknown => object[key as keyof typeof object];
