import { z } from 'zod';
import { name, title } from '../schema/scalars';
import { expectation, expectationAt } from './operators';

export const mcpCheck = z
  .strictObject({
    type: z.literal('mcp').describe('A tool of an MCP server, and what calling it must return.'),
    server: name.describe("Name of one of the `mcpServers` in the worker's configuration."),
    tool: title.describe('Name of the tool that the server must list.'),
    call: z.boolean({ error: 'true or false' }).optional().meta({
      description: 'Whether the tool is called; `false`: it only has to be listed.',
      default: true,
    }),
    arguments: z
      .record(z.string(), z.json(), { error: 'arguments by name' })
      .optional()
      .meta({ description: 'Arguments that the tool is called with.', absent: 'none' }),
    expect: z
      .strictObject({
        text: expectation.optional().describe('What the texts that it returns must be, one below the other.'),
        json: z
          .array(expectationAt)
          .min(1, { error: 'at least one value' })
          .optional()
          .describe('What values in its structured content must be, or in its first text as JSON where it has none.'),
      })
      .refine(({ text, json }) => text !== undefined || json !== undefined, { error: 'at least one of text, json' })
      .optional()
      .meta({ description: 'What the tool must return.', absent: 'anything but an error or nothing' }),
  })
  .refine((check) => check.call !== false || (check.arguments === undefined && check.expect === undefined), {
    error: 'true, or neither arguments nor expect: a tool that is not called returns nothing',
    path: ['call'],
  })
  .describe('Asks an MCP server for a tool, and calls it.');

export type McpCheck = z.infer<typeof mcpCheck>;
