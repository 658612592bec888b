import { useState, type ReactNode } from 'react';
import { durationText } from '../../../domain/text';
import { useLaunchCommand } from '../api/queries';
import type { BoardAnswer, Plan, PossibleAction, UnsaidLaunchCommand } from '../api/types';
import { useLaunch } from '../live/use-launch';
import { ActionButton, refusalOfAction } from '../parts/action-button';
import { Banner } from '../parts/banner';
import { momentIn } from '../parts/times';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { Checks, Options, TextField, type Option } from './fields';

type Answer = 'yes' | 'no' | 'withdraw';

interface Fields {
  answer: Answer | undefined;
  accepts: string[];
  why: string;
  /** Of what was shown when the answer was chosen. */
  digest: string;
}

const EMPTY: Fields = { answer: undefined, accepts: [], why: '', digest: '' };
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];
const BUTTONS = { yes: 'Sign off: GO', no: 'Say NO-GO', withdraw: 'Withdraw' } as const;
const DOING = { yes: 'Signing', no: 'Saying no', withdraw: 'Withdrawing' } as const;

type Condition = BoardAnswer['now']['conditions'][number];

/** A condition's name among others; two can be of one item. */
function keyOf({ code, ref, text }: Condition): string {
  return `${code} ${ref} ${text}`;
}

/** What people call what it is about. */
export function titleOf({ items, gates }: BoardAnswer, { ref }: Condition): string {
  const entry = [...gates.must, ...gates.should].find((each) => each.ref === ref);
  return entry?.title ?? items.find(({ id }) => id === ref)?.title ?? ref;
}

function noText(plan: Plan | undefined): string {
  const no = plan?.launch.authority.no;
  const does =
    no === 'stop'
      ? 'It ends the launch at its instant: the verdict becomes NO-GO.'
      : 'It cannot go until you withdraw it: the verdict is DELAY.';
  return `${plan ? `${does} ` : ''}A reason is required.`;
}

function answersOf(board: BoardAnswer, plan: Plan | undefined, choices: readonly string[]): Option<Answer>[] {
  const when = momentIn(board.timezone, board.launchAt);
  const all: Option<Answer>[] = [
    { value: 'yes', label: 'GO', about: `It may launch ${when}.` },
    { value: 'no', label: 'NO-GO', about: noText(plan) },
    { value: 'withdraw', label: 'Withdraw', about: 'Your answer counts no longer, and is awaited again.' },
  ];
  return all.filter(({ value }) => choices.includes(value));
}

/** What has to be done before it can be said. */
function notYetOf({ answer, accepts, why }: Fields, conditions: readonly Condition[]): string | undefined {
  if (answer === undefined) return 'Choose your answer first.';
  if (answer === 'no' && given(why) === undefined) return 'Say first why.';
  if (answer !== 'yes') return undefined;
  const open = conditions.findIndex((each) => !accepts.includes(keyOf(each)));
  return open < 0 ? undefined : `Accept the ${ORDINALS[open] ?? `${open + 1}th`} condition first.`;
}

interface Props {
  action: PossibleAction | undefined;
  plan: Plan | undefined;
}

/** The answer of one of the authority: nothing is preselected, and what is signed is what was shown when it was chosen. */
export function SignOff({ action, plan }: Props): ReactNode {
  const { reader } = useLaunch();
  const refused = refusalOfAction(action);
  return (
    <div className="signbox sticky" role="group" aria-labelledby="answer">
      <h2 id="answer">Your answer{reader.person !== null && <span className="who">, {reader.person}</span>}</h2>
      {refused === undefined && action ? (
        <Form key={reader.person} action={action} plan={plan} />
      ) : (
        <div className="send">
          <ActionButton refused={refused}>Sign off</ActionButton>
        </div>
      )}
    </div>
  );
}

function Form({ action, plan }: { action: PossibleAction; plan: Plan | undefined }): ReactNode {
  const { launch, board } = useLaunch();
  const command = useLaunchCommand(launch);
  const draft = useDraft('sign-off', EMPTY);
  const [said, setSaid] = useState('');
  const { change } = draft;
  const { conditions } = board.now;
  const { digest } = board;
  const isOther = draft.fields.answer === 'yes' && draft.fields.digest !== digest;
  const fields: Fields = isOther ? { ...draft.fields, answer: undefined, accepts: [] } : draft.fields;
  const { answer } = fields;
  const make = (): UnsaidLaunchCommand | string => {
    const notYet = notYetOf(fields, conditions);
    if (notYet !== undefined || answer === undefined) return notYet ?? '';
    const why = given(fields.why);
    if (answer !== 'yes') return { type: 'signOff', answer, why };
    const accepts = [...new Set(conditions.map(({ ref }) => ref))];
    const seen = { digest, ...(board.ledger.head !== null && { head: board.ledger.head }) };
    return { type: 'signOff', answer, accepts, seen, why };
  };
  return (
    <>
      {isOther && (
        <Banner kind="alert" role="unsure" mark="stale">
          <b>What you would sign has changed since you chose.</b> Look at it again, then answer. Your note is kept.
        </Banner>
      )}
      <CommandForm
        command={command}
        button={BUTTONS[answer ?? 'yes']}
        doing={DOING[answer ?? 'yes']}
        notYet={notYetOf(fields, conditions)}
        make={make}
        done={({ text }) => {
          draft.forget();
          setSaid(text);
        }}
      >
        <Options
          label="Your answer"
          options={answersOf(board, plan, action.choices ?? [])}
          value={answer}
          change={(chosen) => change({ answer: chosen, digest, accepts: [] })}
        />
        {answer === 'yes' && conditions.length > 0 && (
          <Checks
            label="I accept these conditions"
            options={conditions.map((each) => ({ value: keyOf(each), label: titleOf(board, each), about: each.text }))}
            values={fields.accepts}
            change={(accepts) => change({ accepts })}
          />
        )}
        <TextField
          label={answer === 'no' ? 'Reason' : 'Note'}
          hint={`Kept in the ledger, shown in the report.${answer === 'no' ? '' : ' May be empty.'}`}
          value={fields.why}
          change={(why) => change({ why })}
          long
        />
      </CommandForm>
      <p className="answered" role="status">
        {said}
      </p>
    </>
  );
}

/** What takes a signature back without its giver. */
export function voidsText({ launch }: Plan): string[] {
  return [
    `A must that falls: at first it is suspended, and void unless the must is met again within ${durationText(launch.signOffGrace)}`,
    'A waiver of a must by somebody else',
    'A new or changed must, another authority, or another action of GO',
    'A moved launch date',
  ];
}
