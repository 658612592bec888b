import { Problem } from './problem';

const MOST = 2_000;
/** A page has one stream; somebody has some pages, on some machines. */
export const MOST_OF_ONE = 30;

/** Who may watch at the same time: so many in all, and so many by one token. */
export class Places {
  private readonly taken = new Map<string, number>();
  private all = 0;

  /** Returns how to give it back; a second time does nothing. @throws Problem TOO_MANY_STREAMS */
  take(who: string): () => void {
    const theirs = this.taken.get(who) ?? 0;
    if (this.all >= MOST) throw new Problem('TOO_MANY_STREAMS', 'too many are watching; try again later');
    if (theirs >= MOST_OF_ONE)
      throw new Problem('TOO_MANY_STREAMS', `this token watches ${MOST_OF_ONE} times already; close some of them`);
    this.taken.set(who, theirs + 1);
    this.all++;
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.all--;
      const left = this.taken.get(who)! - 1;
      if (left > 0) this.taken.set(who, left);
      else this.taken.delete(who);
    };
  }
}
