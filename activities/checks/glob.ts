import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { advance, beginningsOf, ended, type Steps } from '../../plan/checks/path-pattern';
import { codeOf } from './inside-root';

/** A folder tree is not read further than this. */
const MAX_ENTRIES = 100_000;

export interface FoundFile {
  /** Relative to the folder, with `/`. */
  name: string;
  /** Whatever it leads to. */
  isLink: boolean;
  /** Which of the patterns have found it, from 0. */
  patterns: readonly number[];
}

export interface Found {
  /** By their names. */
  files: FoundFile[];
  /** Links to folders that a pattern would have looked into, and that hold what it has not found elsewhere. */
  passedOver: string[];
  /** False: there was more to read than is ever read. */
  complete: boolean;
}

interface Folder {
  name: string;
  /** Where the patterns go on in it. */
  places: Set<Steps>;
}

const NOWHERE: ReadonlySet<string> = new Set(['ENOENT', 'ELOOP', 'ENOTDIR']);

/** Whether a link is one to a folder of which not everything is found that the patterns look for in it. */
async function isPassedOver(root: string, { name, places }: Folder, beginnings: Set<Steps>): Promise<boolean> {
  try {
    const real = await realpath(path.join(root, name));
    if (!(await stat(real)).isDirectory()) return false;
    const way = path.relative(root, real);
    if (path.isAbsolute(way) || way.split(path.sep)[0] === '..') return true;
    const there = way === '' ? beginnings : way.split(path.sep).reduce(advance, beginnings);
    return [...places].some((place) => !there.has(place));
  } catch (error) {
    return !NOWHERE.has(codeOf(error));
  }
}

/** Finds the files below `root`, a real path, that match any of the patterns, until the signal is aborted. */
export async function findFiles(root: string, patterns: readonly string[], signal: AbortSignal): Promise<Found> {
  const files: FoundFile[] = [];
  const links: Folder[] = [];
  const beginnings = beginningsOf(patterns);
  const toVisit: Folder[] = [{ name: '', places: beginnings }];
  let read = 0;
  for (let next = toVisit.pop(); next !== undefined && read <= MAX_ENTRIES; next = toVisit.pop()) {
    const { name: folder, places } = next;
    const look = (entry: Dirent): void => {
      const reached = advance(places, entry.name);
      const name = path.posix.join(folder, entry.name);
      const isLink = entry.isSymbolicLink();
      const by = [...new Set([...reached].map(ended))].filter((pattern) => pattern !== undefined);
      const below = { name, places: new Set([...reached].filter((steps) => 'step' in steps)) };
      if ((entry.isFile() || isLink) && by.length > 0) files.push({ name, isLink, patterns: by });
      if (below.places.size > 0 && entry.isDirectory()) toVisit.push(below);
      if (below.places.size > 0 && isLink) links.push(below);
    };
    for await (const entry of await opendir(path.join(root, folder))) {
      signal.throwIfAborted();
      if (++read > MAX_ENTRIES) break;
      look(entry);
    }
  }
  const passedOver: string[] = [];
  for (const link of links) {
    signal.throwIfAborted();
    if (await isPassedOver(root, link, beginnings)) passedOver.push(link.name);
  }
  const byName = (a: FoundFile, b: FoundFile): number => (a.name < b.name ? -1 : 1);
  return { files: files.sort(byName), passedOver: passedOver.sort(), complete: read <= MAX_ENTRIES };
}
