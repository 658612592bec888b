import { z } from 'zod';
import { duration, fromEnvironment, positive } from '../schema/scalars';

const REASONS = ['completed', 'not_planned', 'duplicate'] as const;

const repository = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, {
  error: 'a repository like owner/name',
});
/** A token goes to this address: no more is in it than where to ask. */
const isBaseAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
};
const fileName = { error: "the workflow's file name like ci.yml, without its folders, or its number" };
const workflowFile = z.union(
  [z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9][A-Za-z0-9._-]*\.ya?ml$/, fileName), positive],
  fileName
);
// As git has it, save that no branch of a launch needs control characters or spaces.
const branch = z.string().regex(/^[^\s\u0000-\u001f\u007f~^:?*[\\]{1,250}$/, { error: 'the name of a branch' });

const workflow = z.strictObject({
  file: workflowFile.describe("The workflow's file name like `ci.yml`, or its number."),
  branch: branch.describe("Branch of the repository itself; runs for a fork's branch of that name do not count."),
  event: z
    .string()
    .regex(/^[a-z_]{1,50}$/, { error: 'an event like push or schedule' })
    .optional()
    .meta({ description: 'Only runs that this event began, like `push`.', absent: 'any event' }),
  maxAge: duration.optional().describe('The run began at most this long ago.'),
});

const subjects = ['issue', 'pull', 'workflow'] as const;

export const githubCheck = z
  .strictObject({
    type: z.literal('github').describe('One issue, pull request or workflow of a repository on GitHub.'),
    repo: repository.describe('The repository, as owner/name.'),
    issue: positive.optional().describe('Number of an issue that must be closed.'),
    reason: z
      .enum(REASONS, { error: `one of ${REASONS.join(', ')}` })
      .optional()
      .meta({ description: 'What the issue must have been closed as.', absent: 'any reason' }),
    pull: positive.optional().describe('Number of a pull request that must be merged.'),
    workflow: workflow.optional().describe('A workflow whose last run on a branch must have succeeded.'),
    token: fromEnvironment
      .optional()
      .describe('Token to ask with, as { env: NAME }; without one few requests are free.'),
    api: z
      .string()
      .refine(isBaseAddress, { error: 'an http or https address without password and query' })
      .optional()
      .meta({ description: 'Address of the REST API, for a GitHub of your own.', default: 'https://api.github.com' }),
  })
  .refine((value) => subjects.filter((subject) => value[subject] !== undefined).length === 1, {
    error: `exactly one of ${subjects.join(', ')}`,
  })
  .refine(({ issue, reason }) => reason === undefined || issue !== undefined, {
    path: ['reason'],
    error: 'reason only beside issue',
  })
  .describe('Asks GitHub.');

export type GithubCheck = z.infer<typeof githubCheck>;
