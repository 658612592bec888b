import type { Rehearsal } from '../../domain/simulate';

/** The words of a command line; what is quoted is one word. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

interface Line {
  verb: string;
  rest: string[];
  options: Map<string, string>;
}

function read(line: string): Line {
  const [program, verb, , ...others] = words(line);
  if (program !== 'launch' || verb === undefined) throw new Error(`not a command of ours: ${line}`);
  const options = new Map<string, string>();
  const rest: string[] = [];
  for (let index = 0; index < others.length; index++) {
    const word = others[index]!;
    if (word === '--accept' || word === '--withdraw') options.set(word, 'yes');
    else if (word.startsWith('--')) options.set(word, others[++index] ?? '');
    else rest.push(word);
  }
  return { verb, rest, options };
}

/** Does in a rehearsal what a person would who types the line; gives the refusal's code, or undefined. */
export function type(run: Rehearsal, line: string): string | undefined {
  const { verb, rest, options } = read(line);
  const [first = '', second] = rest;
  const by = options.get('--as') ?? '';
  const reason = options.get('--reason') ?? '';
  switch (verb) {
    case 'attest':
      return run.actOnItem(first, { type: 'attest', by, criterion: second })?.code;
    case 'retract':
      return run.actOnItem(first, { type: 'retract', by, criterion: second })?.code;
    case 'decide':
      return run.actOnItem(first, { type: 'decide', by, option: second ?? '' })?.code;
    case 'reopen':
      return run.actOnItem(first, { type: 'reopen', by, reason })?.code;
    case 'ack':
      return run.actOnItem(first, { type: 'acknowledge', by })?.code;
    case 'release':
      return run.act({ type: 'release', by, reason })?.code;
    case 'review-blocker':
      return run.act({ type: 'reviewBlocker', by, report: first, accept: options.has('--accept') })?.code;
    case 'sign-off':
      return run.act({ type: 'signOff', by, answer: options.has('--withdraw') ? 'withdraw' : 'yes' })?.code;
    default:
      throw new Error(`no need says: ${line}`);
  }
}
