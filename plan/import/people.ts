/** Everybody the document names, under one id each, whatever the case and the place of the mention. */
import type { PersonDocument } from '../schema/people';
import { asTitle, brackets, slug, withoutBrackets } from './words';

export const EVERYONE = 'everyone';

const ALL =
  /^(?:all|everyone|everybody|all (?:agents|teams?|people|hands|members|stakeholders|owners|engineers|developers|staff)|the (?:whole )?team|whole team|(?:each|every) agent|team)$/i;
const UNNAMED =
  /^(?:and |or )?(?:(?:multiple|several|various|many|some|other|a few|\d+)(?: .*)?|others?|etc\.?|tbd|tba|n\/?a|none|nobody|unassigned|unknown|-+|–|—|\?+)$/i;
const SEPARATOR = /\s*(?:,|;|\+|&|\/|\band\b|\bor\b)\s*/i;
const NAME = /^\p{Lu}[\p{L}\p{N}'’.-]*(?: \p{Lu}[\p{L}\p{N}'’.-]*){0,2}$/u;
const MAX_NAME_LETTERS = 60;

export interface Names {
  /** Ids, without repetition. */
  ids: string[];
  /** What stood in brackets behind a name. */
  remarks: string[];
  /** What names nobody: `multiple others`. */
  unnamed: string[];
}

export class People {
  private readonly spellings = new Map<string, Set<string>>();
  private readonly byId = new Map<string, PersonDocument & { roles: string[] }>();

  /** The id of a name; known afterwards. Empty where nothing of the name can stand in an id. */
  add(name: string): string {
    const bare = withoutBrackets(name).replace(/^@/, '').trim();
    if (ALL.test(bare)) return EVERYONE;
    const id = slug(bare);
    if (id === '' || id === EVERYONE) return id;
    const known = this.byId.get(id);
    const spelling = asTitle(bare);
    this.spellings.set(id, (this.spellings.get(id) ?? new Set()).add(spelling));
    // Capitals win, so that the name does not depend on which mention comes first.
    if (!known) this.byId.set(id, { id, name: spelling, roles: [] });
    else if (spelling === spelling.toUpperCase()) known.name = spelling;
    return id;
  }

  /** A list of names: `DATA + DEVOPS`, `QA, PILOT (chain blocked)`, `CEO/Manager`. */
  read(text: string): Names {
    const bare = withoutBrackets(text);
    const found: Names = { ids: [], remarks: brackets(text), unnamed: [] };
    for (const part of bare.split(SEPARATOR).map((each) => each.replace(/[.:]+$/, '').trim())) {
      if (part === '') continue;
      const id = UNNAMED.test(part) || part.length > MAX_NAME_LETTERS ? '' : this.add(part);
      if (id === '') found.unnamed.push(part);
      else if (!found.ids.includes(id)) found.ids.push(id);
    }
    return found;
  }

  /** Takes a lone name in brackets, like `(DATA)`, when it looks like one. */
  addIfName(text: string): string | undefined {
    if (this.find(text)) return this.find(text);
    return NAME.test(text) && text.length <= MAX_NAME_LETTERS && /^\p{Lu}{2}/u.test(text) ? this.add(text) : undefined;
  }

  find(name: string): string | undefined {
    const bare = withoutBrackets(name);
    if (ALL.test(bare)) return EVERYONE;
    const id = slug(bare);
    return this.byId.has(id) ? id : undefined;
  }

  get(id: string): (PersonDocument & { roles: string[] }) | undefined {
    return this.byId.get(id);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /**
   * People whose names stand in the text, in order of appearance: as written in the document, or (`anyCase`) in any
   * capitals, so that `Manager` is found for MANAGER but the word `data` is not taken for a name.
   */
  mentionedIn(text: string, anyCase = false): string[] {
    const words = text.match(/[\p{L}\p{N}_'’-]+/gu) ?? [];
    const found = new Set<string>();
    for (let index = 0; index < words.length; index++) {
      for (let length = Math.min(3, words.length - index); length > 0; length--) {
        const phrase = words.slice(index, index + length).join(' ');
        const person = this.byId.get(slug(phrase));
        if (!person || !(this.spellings.get(person.id)?.has(phrase) || (anyCase && /^\p{Lu}/u.test(phrase)))) continue;
        found.add(person.id);
        index += length - 1;
        break;
      }
    }
    return [...found];
  }

  /** The text with the names in it taken out. */
  withoutNames(text: string): string {
    const kept = text.split(/\s+/).filter((word) => this.mentionedIn(word).length === 0);
    return kept.join(' ');
  }

  list(): Array<PersonDocument & { roles: string[] }> {
    return [...this.byId.values()];
  }

  get size(): number {
    return this.byId.size;
  }
}
