/** A message that the rules have decided to send; delivery is an activity's work and not a fact. */
export interface Notice {
  /** Unique within a launch: the same notice is never sent twice. */
  key: string;
  /** Roles, people or channels. */
  to: string[];
  /** What it is about: an item's id, or the launch's. */
  about: string;
  subject: string;
  text: string;
  /** The line that answers it, where there is one. */
  command?: string;
  /** Never bundled and never held back. */
  urgent: boolean;
}
