/** The statements of a script of SQL: enough of the language to tell them from comments and texts. */

import { setImmediate as pause } from 'node:timers/promises';

/** A worker has one thread for all its checks: after so many steps (10 ms or so) the others have their turn. */
const STEPS_IN_ONE_GO = 5_000;

/** The script ends in the midst of something, so that it cannot be told what the rest is. */
export class UnreadableScript extends Error {}

export interface Token {
  /**
   * A `name` is an identifier in quotes, as it is meant; a `word` is one without, or a keyword, in lower case. What is
   * `unfollowed` makes something else of what is behind it: `U&"…"`, and `\` of a client's own commands.
   */
  kind: 'word' | 'name' | 'string' | 'sign' | 'unfollowed';
  text: string;
}

/** In this order: what is passed over, a comment's begin, a quote, a dollar quote, what is not followed, a word, a sign that counts, the rest. */
const NEXT =
  /((?:[\s\d()=+*<>!@#%^&|:?{}~]+|--[^\n]*)+)|(\/\*)|(['"`])|(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|([Uu]&(?=["'])|\\)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|([.,;[\]])|[^]/y;

/** Behind the end of a comment; they nest, as in Postgres. */
function commentEnd(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    if (sql[at] === '/' && sql[at + 1] === '*') depth++;
    else if (sql[at] === '*' && sql[at + 1] === '/') depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  throw new UnreadableScript('a comment does not end');
}

/** Behind the closing quote; doubled it is part of the text. */
function quoteEnd(sql: string, start: number, escapes: boolean): number {
  const quote = sql[start]!;
  for (let at = start + 1; at < sql.length; at++) {
    if (escapes && sql[at] === '\\') at++;
    else if (sql[at] === quote && sql[at + 1] === quote) at++;
    else if (sql[at] === quote) return at + 1;
  }
  throw new UnreadableScript('a quote does not end');
}

interface Step {
  token?: Token;
  end: number;
}

function quotedStep(sql: string, at: number): Step {
  const quote = sql[at]!;
  // Postgres' E'…' alone knows backslashes.
  const escapes = quote === "'" && /(^|[^\w$\u0080-\uffff])e$/i.test(sql.slice(Math.max(0, at - 2), at));
  const end = quoteEnd(sql, at, escapes);
  const text = sql.slice(at + 1, end - 1).replaceAll(quote + quote, quote);
  return { token: { kind: quote === "'" ? 'string' : 'name', text }, end };
}

function dollarStep(sql: string, at: number, tag: string): Step {
  const close = sql.indexOf(tag, at + tag.length);
  if (close < 0) throw new UnreadableScript(`the text in ${tag} does not end`);
  return { token: { kind: 'string', text: sql.slice(at + tag.length, close) }, end: close + tag.length };
}

/** The next token; without one something was passed that does not count here. */
function step(sql: string, at: number): Step {
  NEXT.lastIndex = at;
  const [all = '', , comment, quote, tag, unfollowed, word, sign] = NEXT.exec(sql) ?? [sql[at]];
  if (comment !== undefined) return { end: commentEnd(sql, at) };
  if (quote !== undefined) return quotedStep(sql, at);
  if (tag !== undefined) return dollarStep(sql, at, tag);
  const end = at + all.length;
  if (unfollowed !== undefined) return { token: { kind: 'unfollowed', text: unfollowed }, end };
  if (word !== undefined) return { token: { kind: 'word', text: word.toLowerCase() }, end };
  return sign === undefined ? { end } : { token: { kind: 'sign', text: sign }, end };
}

/**
 * The statements of a script, one after the other, without comments, numbers, and all signs but `.,;[]\`.
 * @throws UnreadableScript where a quote or a comment does not end; the signal's reason when it is aborted
 */
export async function* statementsOf(sql: string, signal: AbortSignal): AsyncGenerator<Token[]> {
  let statement: Token[] = [];
  let steps = 0;
  for (let at = 0; at < sql.length;) {
    const { token, end } = step(sql, at);
    at = end;
    if (++steps % STEPS_IN_ONE_GO === 0) await pause(undefined, { signal });
    if (!token) continue;
    if (token.kind === 'sign' && token.text === ';') {
      if (statement.length > 0) yield statement;
      statement = [];
    } else statement.push(token);
  }
  if (statement.length > 0) yield statement;
}
