import { ITEM_COMMANDS, LAUNCH_COMMANDS, readCommand, type ItemCommandName } from '../../domain/commands';
import { shownSignals } from '../support/signals-doc';

test('the docs show every signal that can be written by hand, to whom it goes', () => {
  const named = (isOfItem: boolean) =>
    shownSignals()
      .filter(({ item }) => (item !== undefined) === isOfItem)
      .map(({ name }) => name)
      .sort();
  expect(named(true)).toEqual([...ITEM_COMMANDS].sort());
  expect(named(false)).toEqual([...LAUNCH_COMMANDS].filter((name) => name !== 'amend').sort());
});

test.each(shownSignals())('what the docs show of $name can be read', ({ name, input }) => {
  expect(readCommand(name as ItemCommandName, JSON.parse(input))).toMatchObject({ command: { type: name } });
});
