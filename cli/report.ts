import { decisionRecord } from '../domain/decision-record';
import { command } from './command';
import { each } from './each';
import { CliError } from './failure';
import { renderDecisions } from './render-decision';
import { theLaunch } from './which-launch';

export const report = () =>
  command<{ decisions?: boolean }>(
    'report [launch]',
    {
      summary: 'print what is worth keeping of a launch, as Markdown: its decision records',
      examples: [
        'launch report storefront-2 --decisions',
        'launch report storefront-2 --decisions > decisions.md',
        'launch report storefront-2 --decisions --json',
      ],
    },
    async (context, [given]) => {
      if (!context.options.decisions) throw new CliError('BAD_INPUT', 'Say what to report: --decisions.');
      await context.session(async ({ launches }) => {
        const launch = await theLaunch(launches, given);
        const board = await launches.board(launch);
        const decisions = board.items.filter(({ kind }) => kind === 'decision');
        const states = await each(decisions, ({ id }) => launches.itemState(launch, id));
        const records = states.flatMap((state) => decisionRecord(state) ?? []);
        context.answer({ launch, title: board.title, decisions: records });
        context.say(renderDecisions({ title: board.title, zone: board.timezone }, records));
      });
    }
  ).option('--decisions', 'each decision: context, options, choice, by whom, why, and dissent');
