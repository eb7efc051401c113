/** What is told of an attempt whose end nobody saw; an orderly stop is no crash, and is not told as one. */
export const lostWords = (lost: {
  readonly WorkerId: string;
  readonly reason: 'lease_expired' | 'interrupted';
}): string =>
  lost.reason === 'interrupted'
    ? `worker ${lost.WorkerId} was stopped in the middle of it`
    : `worker ${lost.WorkerId} was lost`;
