import { z } from 'zod';
import { name } from '../schema/scalars';
import { expectation, expectationAt } from './operators';

const MAX_ARGUMENT_LETTERS = 500;

const argument = z
  .string({ error: 'a text; a number goes in quotes' })
  .max(MAX_ARGUMENT_LETTERS, { error: `at most ${MAX_ARGUMENT_LETTERS} letters` })
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, { error: 'one line without control characters' });
const exitCode = z
  .int({ error: 'an exit code' })
  .min(0, { error: 'an exit code of 0 to 255' })
  .max(255, { error: 'an exit code of 0 to 255' });

export const commandCheck = z
  .strictObject({
    type: z.literal('command').describe('A command that the worker allows, and how it must end.'),
    command: name.describe("Name of one of the `commands` in the worker's configuration, which says what it runs."),
    args: z
      .array(argument, { error: 'a list of texts' })
      .optional()
      .meta({ description: "Its arguments, one for one as the worker's configuration allows them.", absent: 'none' }),
    expect: z
      .strictObject({
        exit: z
          .union([exitCode, z.array(exitCode).min(1, { error: 'at least one exit code' })], {
            error: 'an exit code or a list of them',
          })
          .optional()
          .meta({ description: 'Exit code, or a list of which any will do.', default: 0 }),
        output: expectation
          .optional()
          .describe('What it writes to its standard output must be; line breaks at its end do not count.'),
        errorOutput: expectation
          .optional()
          .describe('What it writes to its standard error must be; line breaks at its end do not count.'),
        json: z.array(expectationAt).optional().describe('What values in its standard output as JSON must be.'),
      })
      .optional()
      .meta({ description: 'How it must end.', absent: '{ exit: 0 }' }),
  })
  .describe('Runs a command, without a shell.');

export type CommandCheck = z.infer<typeof commandCheck>;
