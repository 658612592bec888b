import { DAY } from '../domain/units';
import type { TokenKind } from '../stack/tokens';
import { collect, command, type Context } from './command';
import { CliError } from './failure';
import { clean, instantIn, pad } from './text';

interface Options {
  kind: string;
  launch?: string[];
  days: string;
  note?: string;
}

const MOST_DAYS = 3_660;
const PERSON = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

function kindOf(kind: string, kinds: readonly TokenKind[]): TokenKind {
  const found = kinds.find((each) => each === kind);
  if (found) return found;
  throw new CliError('BAD_INPUT', `--kind takes one of ${kinds.join(', ')}`);
}

function daysOf(text: string): number {
  const days = Number(text);
  if (days > 0 && days <= MOST_DAYS) return days;
  throw new CliError('BAD_INPUT', `--days takes a number above 0, at most ${MOST_DAYS}`);
}

async function create({ options, say, answer }: Context<Options>, person: string | undefined): Promise<void> {
  if (person === undefined || !PERSON.test(person))
    throw new CliError('BAD_INPUT', 'Say for whom, as the plan writes them: launch token create PERSON');
  const { shownToken, withTokens, TOKEN_KINDS } = await import('../stack/tokens.js');
  const kind = kindOf(options.kind, TOKEN_KINDS);
  const expiresAt = Date.now() + daysOf(options.days) * DAY;
  const { launch: launches = ['*'], note } = options;
  const { token, ...made } = await withTokens(options.data, (tokens) =>
    tokens.create({ person, kind, launches, note, expiresAt })
  );
  say(token);
  say(
    `  For ${person} (${kind}), until ${instantIn('UTC', new Date(expiresAt).toISOString())}. It is not shown again.`
  );
  answer({ ...shownToken(made), token });
}

async function list({ options, say, answer }: Context<Options>): Promise<void> {
  const { shownToken, withTokens } = await import('../stack/tokens.js');
  const tokens = await withTokens(options.data, (all) => all.list());
  answer({ tokens: tokens.map(shownToken) });
  if (tokens.length === 0) return say('There is no token. Make one: launch token create PERSON');
  for (const { id, person, kind, launches, expiresAt, revokedAt, note } of tokens) {
    const state = revokedAt !== undefined ? 'revoked' : expiresAt <= Date.now() ? 'expired' : 'valid';
    const until = instantIn('UTC', new Date(expiresAt).toISOString());
    say(
      `${id}  ${pad(state, 7)}  ${pad(kind, 8)}  ${clean(person)}  ${launches.join(',')}  until ${until}  ${clean(note)}`.trimEnd()
    );
  }
}

async function revoke({ options, say, answer }: Context<Options>, id: string | undefined): Promise<void> {
  if (id === undefined)
    throw new CliError('BAD_INPUT', "Say which: launch token revoke ID; 'launch token list' has them");
  const { withTokens } = await import('../stack/tokens.js');
  if (!(await withTokens(options.data, (tokens) => tokens.revoke(id))))
    throw new CliError('NOT_FOUND', `there is no token '${clean(id)}'; 'launch token list' has them`);
  say(`Revoked. What was signed in with it is signed out.`);
  answer({ revoked: id });
}

export const tokenCommand = () =>
  command<Options>(
    'token <what> [which]',
    {
      summary: 'create PERSON, list or revoke ID: who may speak to the gateway, and as whom',
      examples: [
        'launch token create ana',
        'launch token create build-bot --kind agent --launch storefront-2 --days 30 --note "the pipeline"',
        'launch token list',
        'launch token revoke 3f0c…',
      ],
    },
    async (context, [what, which]) => {
      if (what === 'create') return await create(context, which);
      if (what === 'list') return await list(context);
      if (what === 'revoke') return await revoke(context, which);
      throw new CliError('BAD_INPUT', `launch token takes create, list or revoke; not '${clean(what ?? '')}'`);
    }
  )
    .option('--kind <kind>', 'person, agent or observer', 'person')
    .option('--launch <id>', 'for this launch alone; may be repeated', collect)
    .option('--days <n>', 'until it expires', '90')
    .option('--note <text>', 'what it is for');
