/** Which item a phrase speaks about, by the words they share. */
import type { ItemKind } from '../../domain/plan';
import type { DraftItem } from './draft';
import { idsIn, meaningfulWords, withoutBrackets } from './words';

export interface Match {
  item?: DraftItem;
  /** Others that fit as well; then `item` is absent. */
  tied: DraftItem[];
}

export interface MatchOptions {
  prefer?: readonly ItemKind[];
  /** Items of these people fit better. */
  owners?: readonly string[];
  only?: (item: DraftItem) => boolean;
  threshold?: number;
}

/** Words in so many items tell them apart no more; this also bounds the work on documents of any size. */
const MAX_POSTINGS = 100;
const THRESHOLD = 0.5;
/** Scores nearer than this are a tie. */
const TIE = 0.05;
/** A word that no item has is likely to be about a state: it counts against a match, but less. */
const UNKNOWN_WORD = 0.35;
const TITLE_SHARE_BONUS = 0.1;
const SAME_TITLE_BONUS = 0.2;
/** One word in common is enough only for an item that is named by little else. */
const LONE_WORD_SHARE = 0.5;
const KIND_BONUS = 0.15;
const OWNER_BONUS = 0.1;
const EXTERNAL_MALUS = 0.25;

const DECIDING = /\b(?:decisions?|decide[sd]?|choose|choice|select(?:ed|ion)?)\b/i;

export class Matcher {
  private readonly postings = new Map<string, Map<DraftItem, number>>();
  private readonly titles = new Map<DraftItem, Set<string>>();
  private readonly byId = new Map<string, DraftItem>();

  /** Adds words that the item is known by; `weight` 1 for what names it, less for what only describes it. */
  learn(item: DraftItem, phrase: string, weight: number): void {
    this.byId.set(item.doc.id.toLowerCase(), item);
    if (!this.titles.has(item)) this.titles.set(item, new Set());
    for (const word of meaningfulWords(phrase)) {
      const posting = this.postings.get(word) ?? new Map<DraftItem, number>();
      this.postings.set(word, posting.set(item, Math.max(weight, posting.get(item) ?? 0)));
      if (weight === 1) this.titles.get(item)!.add(word);
    }
  }

  /** An id in the text wins; else the best of what shares enough words, what is in brackets left out. */
  find(text: string, options: MatchOptions = {}): Match {
    const named = idsIn(text).flatMap((id) => this.byId.get(id.toLowerCase()) ?? []);
    if (named[0] && (!options.only || options.only(named[0]))) return { item: named[0], tied: [] };
    const phrase = withoutBrackets(text) || text;
    const ranked = this.rank(phrase, options);
    const [best] = ranked;
    if (!best) return { tied: [] };
    const tied = ranked.filter(({ score }) => best.score - score < TIE).map(({ item }) => item);
    const chosen = this.settle(tied, DECIDING.test(text) || (options.prefer?.includes('decision') ?? false));
    return chosen ? { item: chosen, tied: [] } : { tied };
  }

  private rank(phrase: string, options: MatchOptions): Array<{ item: DraftItem; score: number }> {
    const words = meaningfulWords(phrase);
    const size = Math.max(2, this.titles.size);
    const scores = new Map<DraftItem, { sum: number; title: number; words: number }>();
    let most = 0;
    for (const word of words) {
      const posting = this.postings.get(word);
      const rarity = Math.log(1 + size / (posting?.size ?? 1));
      most += posting ? rarity : rarity * UNKNOWN_WORD;
      if (!posting || posting.size > MAX_POSTINGS) continue;
      for (const [item, weight] of posting) {
        if (options.only && !options.only(item)) continue;
        let score = scores.get(item);
        if (!score) scores.set(item, (score = { sum: 0, title: 0, words: 0 }));
        if (this.titles.get(item)?.has(word)) score.title++;
        score.sum += rarity * weight;
        score.words++;
      }
    }
    const threshold = options.threshold ?? THRESHOLD;
    return [...scores]
      .filter(
        ([item, score]) =>
          words.length === 1 || score.words > 1 || this.titleShare(item, score.title) >= LONE_WORD_SHARE
      )
      .map(([item, { sum, title }]) => ({ item, coverage: sum / most, title }))
      .filter(({ coverage }) => coverage >= threshold)
      .map(({ item, coverage, title }) => ({
        item,
        score:
          coverage +
          this.bonus(item, title, options) +
          (item.doc.title.toLowerCase() === phrase.toLowerCase() ? SAME_TITLE_BONUS : 0),
      }))
      .sort((a, b) => b.score - a.score);
  }

  private titleShare(item: DraftItem, titleWords: number): number {
    return titleWords / Math.max(1, this.titles.get(item)?.size ?? 1);
  }

  private bonus(item: DraftItem, titleWords: number, { prefer, owners }: MatchOptions): number {
    const share = this.titleShare(item, titleWords);
    const kind = prefer?.includes(item.doc.kind) ? KIND_BONUS : 0;
    const owner = owners?.some((id) => item.doc.owners.includes(id)) ? OWNER_BONUS : 0;
    return share * TITLE_SHARE_BONUS + kind + owner - (item.doc.external ? EXTERNAL_MALUS : 0);
  }

  /** A decision and what it opens share their words: the thing itself is meant unless the text speaks of deciding. */
  private settle(tied: DraftItem[], deciding: boolean): DraftItem | undefined {
    if (tied.length === 1) return this.followUp(tied[0]!, deciding);
    const roots = new Set(tied.map((item) => item.followsUp ?? item));
    if (roots.size !== 1) return undefined;
    return this.followUp([...roots][0]!, deciding);
  }

  private followUp(item: DraftItem, deciding: boolean): DraftItem {
    const root = item.followsUp ?? item;
    if (deciding) return root;
    return root.doc.kind === 'decision' && root.followUps[0] ? root.followUps[0] : item;
  }
}
