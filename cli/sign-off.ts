import { collect, command } from './command';
import { CliError } from './failure';
import { sayToLaunch } from './say';

interface Options {
  no?: boolean;
  withdraw?: boolean;
  why?: string;
  accepts?: string[];
  seen?: string;
}

export const signOff = () =>
  command<Options>(
    'sign-off <launch>',
    {
      summary: 'sign the launch off, say no, or withdraw your answer',
      examples: [
        'launch sign-off storefront-2 --as ana',
        'launch sign-off storefront-2 --no --why "the legal text is missing" --as carl',
        'launch sign-off storefront-2 --withdraw --as carl',
      ],
      says: true,
    },
    async (context, [launch = '']) => {
      const { no, withdraw, why, accepts, seen } = context.options;
      if (no && withdraw) throw new CliError('BAD_INPUT', 'Give --no or --withdraw, not both.');
      const answer = withdraw ? 'withdraw' : no ? 'no' : 'yes';
      const looked = seen === undefined ? undefined : { digest: seen };
      await sayToLaunch(context, launch, { type: 'signOff', answer, why, accepts, seen: looked });
    }
  )
    .option('--no', 'the launch must not go')
    .option('--withdraw', 'take your answer back')
    .option('--why <text>', 'the reason')
    .option('--accepts <ref>', 'a condition you accept, by the id that status names; may be repeated', collect)
    .option('--seen <digest>', "sign only what you looked at: the digest that 'launch status --json' gave you");
