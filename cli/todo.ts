import { findPerson } from '../domain/people';
import { command } from './command';
import { each } from './each';
import { CliError, EXIT } from './failure';
import { programName, typedAs } from './program-name';
import { clean } from './text';
import { activeItems, todosFor, type Todo } from './todo-list';
import { theLaunch } from './which-launch';

export const todo = () =>
  command(
    'todo [launch]',
    {
      summary: 'what a person can do now, with the line to type',
      examples: ['launch todo --as pilot', 'launch todo storefront-2 --as ana --json'],
      acts: true,
    },
    async (context, [given]) => {
      const { say, answer, style } = context;
      const asked = context.who();
      await context.session(async ({ launches }) => {
        const launch = await theLaunch(launches, given);
        const board = await launches.board(launch);
        const items = await each(activeItems(board), ({ id }) => launches.itemState(launch, id));
        const people = items[0]?.plan.people;
        const person = people && findPerson(people, asked);
        if (people && !person) {
          const message = `nobody is called '${asked}' in this plan; it has ${people.map(({ id }) => id).join(', ')}`;
          throw new CliError('UNKNOWN_PERSON', message, { exit: EXIT.refused });
        }
        const who = person?.id ?? asked;
        const todos = todosFor(who, board, { items, now: Date.now() });
        answer({ launch, who, todo: todos });
        const program = programName();
        const print = ({ ref, action, command: line }: Todo): void => {
          say(`  ${clean(ref)}: ${clean(action)}`);
          if (line) say(`    ${style.cyan(typedAs(program, clean(line)))}`);
        };
        const [needed, others] = [todos.filter((each) => each.needed), todos.filter((each) => !each.needed)];
        if (todos.length === 0) say(`Nothing waits for ${clean(who)} in ${clean(launch)}.`);
        if (needed.length > 0) say(style.bold(`The launch waits for this from ${clean(who)}`));
        needed.forEach(print);
        if (others.length > 0) say(style.bold('Also possible now'));
        others.forEach(print);
      });
    }
  );
