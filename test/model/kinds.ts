/** What people hear, in kind: the first pattern that fits. `told` answers somebody, `news` rings where a run was asked. */
const KINDS: readonly (readonly [kind: string, words: RegExp])[] = [
  [
    'news asks',
    /^⏳ Approval needed\b|^Job "\S+" is ready\. Reply YES|⏳ \S+ \(\w+\) needs a new decision\.$/,
  ],
  ['news lost', /⚠️ Worker \S+ was lost while it ran|lost its worker; what it did is unknown\. Reply/],
  ['news void', /so the approval is void\./],
  ['news ready', /Start it with the button or \/resume|^Approved\. Not started\. RESUME/],
  ['told denied', /^Denied \w+(?: \(\S+\)\.$|\. Reply to the card)/],
  ['news denied', /⛔ \S+ denied |^Denied \w+\. /],
  ['news canceled', /⛔ \S+ \(\w+\) was canceled by|^Canceled \w+\. /],
  ['news expired', /⌛ \S+ \(\w+\) expired: |^Run \w+ expired: /],
  ['news succeeded', /✅ \S+ succeeded in|^Run \w+ succeeded: /],
  ['news failed', /❌ \S+ failed|^Run \w+ failed: /],
  ['news starting', /^⏳ Queued\b|^Approved(?: by policy)?\. Starting run/],
  ['news counted', /^Counted: .* for run \w+(?:, still missing .*)?\. Nothing starts yet\.$/],
  ['told approved', /^Approved \w+(?:$|\. Ready| \(\S+\)\. (?:Starting|Not started))/],
  ['told approved', /^Counted: .* Ready to start\.$/],
  ['told counted', /^Counted: /],
  ['told given up', /^\w+(?: \(\S+\))? ends as failed\.$/],
  ['told canceled', /^Canceled \w+ \(\S+\)\.$/],
  ['told starting', /^Starting \w+ \(\S+\)\.$/],
  ['told started again', /^\w+ \(\S+\) is started again\.$/],
  ['told asks again', /^\w+ \(\S+\) (?:asks again|has to be approved again)\.$/],
  ['told stranger', /^I do not know you/],
  ['told right', /^You may not |^You are linked as /],
  ['told own', /^You asked for this run, so someone else must approve it/],
  ['told voted', /^You already approved /],
  ['told late', /^You wrote that before /],
  ['told stale', /^This button is out of date/],
  ['told none', /^No run waits for you here\.$/],
  ['told which', /, so I did nothing\. (?:Which one|Do you mean this one)\?/],
  ['told no run', /^No run \w{6}\.$/],
  ['told no job', /^No job called /],
  ['told not yet', /is not approved yet, so it cannot start\.$/],
  ['told light', /is not heavy: it starts by itself/],
  ['told gates', /cannot start yet: /],
  ['told over', /already denied by|was already approved|was given up by|was canceled by/i],
  ['told over', /expired .*, so it cannot be approved|has asked anew meanwhile|still waits for a decision/],
  ['told over', /is over: |is already (?:running|on its way)|nothing to recover|cannot be recovered/],
];

export const kindOf = (text: string): string => {
  const found = KINDS.find(([, words]) => words.test(text));
  // Nobody may say something here that no rule knows.
  if (found === undefined) throw new Error(`no kind for what was said: ${text}`);
  return found[0];
};
