/** What a message asks for. The names are shown by the dev door as `intentType` (PRODUCT 9). */
export type Intent =
  | { readonly type: 'RunJob'; readonly job: string; readonly args: Arguments }
  | { readonly type: 'ApproveRun'; readonly run: Named }
  | { readonly type: 'DenyRun'; readonly run: Named; readonly reason?: string }
  | { readonly type: 'ResumeRun'; readonly run: Named }
  | { readonly type: 'CancelRun'; readonly run: Named }
  | { readonly type: 'RecoverRun'; readonly run: Named }
  | { readonly type: 'Status'; readonly run: Named }
  | { readonly type: 'Log'; readonly run: Named }
  | { readonly type: 'Why'; readonly run: Named }
  | { readonly type: 'Summary'; readonly run: Named }
  | { readonly type: 'Jobs' }
  | { readonly type: 'Job'; readonly job: string; readonly page?: 'history' }
  | { readonly type: 'Schedules' }
  | {
      readonly type: 'MakeSchedule';
      readonly job: string;
      /** Empty when nothing was written. */
      readonly cron: string;
      readonly timezone?: string;
      readonly args: Arguments;
    }
  | {
      readonly type: 'SteerSchedule';
      readonly verb: ScheduleVerb;
      readonly key: string;
      /** How long it is put off, as written. */
      readonly duration: string;
    }
  | {
      readonly type: 'Runs';
      readonly filter?: string | undefined;
      /** How many newer ones were shown already; never typed. */
      readonly skip?: number | undefined;
    }
  | {
      readonly type: 'Ops';
      readonly page?: string /** Of the page `log`: a run, or how many lines. */;
      readonly about?: string;
    }
  | { readonly type: 'Help' }
  | { readonly type: 'WhoAmI' }
  /** What is told unasked, and what somebody wants to hear of it from now on. */
  | { readonly type: 'Prefs'; readonly change?: { readonly notice: string; readonly on: boolean } }
  | { readonly type: 'Gates' }
  | { readonly type: 'Pause' | 'Unpause'; readonly what: string; readonly reason?: string }
  | { readonly type: 'Freeze'; readonly reason: string }
  | { readonly type: 'Unfreeze' }
  | { readonly type: 'Accept'; readonly job: string; readonly digest: string }
  | { readonly type: 'Unaccept'; readonly job: string }
  | { readonly type: 'DeadLetters' }
  | { readonly type: 'ReplayLetter'; readonly letter: string }
  | { readonly type: 'DropLetter'; readonly letter: string; readonly reason: string }
  | { readonly type: 'FlipGate'; readonly open: boolean; readonly name: string; readonly value?: number }
  | { readonly type: 'Link'; readonly code?: string }
  /** A link that opens the console as whoever asked. */
  | { readonly type: 'Login' }
  | { readonly type: 'Unlink'; readonly identity: string }
  | {
      readonly type: 'Admit';
      readonly code: string;
      readonly roles: readonly string[];
      readonly name?: string;
    }
  | { readonly type: 'Revoke'; readonly person: string }
  | { readonly type: 'People' }
  /** `/start claim_…`: whoever opens the link that start printed becomes owner. */
  | { readonly type: 'Claim'; readonly code: string }
  /** The text cannot be taken as it is. */
  | { readonly type: 'Unreadable'; readonly why: 'hidden_characters' | 'too_long'; readonly detail: string }
  /** A decision with a condition or a courtesy behind it; it decides nothing and is told so. */
  | { readonly type: 'Qualified'; readonly only: string }
  /** A word that no grammar knows. */
  | { readonly type: 'Unknown'; readonly word: string; readonly near?: string }
  /** People talking to each other, or an answer that is no decision ("ok", "yes please"). */
  | { readonly type: 'Chatter' };

/** What can be done with a schedule that is there. */
export type ScheduleVerb = 'pause' | 'resume' | 'skip' | 'snooze' | 'drop';

/** How a command names its run: by id, by a word that is no id, or not at all. */
export type Named =
  | { readonly kind: 'id'; readonly runId: string }
  | { readonly kind: 'not_an_id'; readonly word: string }
  | { readonly kind: 'bare' };

export interface Arguments {
  readonly given: readonly { readonly name: string; readonly value: string }[];
  /** Words that are no `name=value`. */
  readonly stray: readonly string[];
}
