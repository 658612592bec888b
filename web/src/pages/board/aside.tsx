import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { LaunchCommandName } from '../../../../domain/commands';
import { useActions } from '../../api/queries';
import type { PossibleAction } from '../../api/types';
import { LAUNCH_FORMS, LaunchForm } from '../../forms/launch-form';
import { OpenedForm, useOpened } from '../../forms/opened';
import { useLaunch } from '../../live/use-launch';
import { ActionButton, refusalOfAction } from '../../parts/action-button';
import { Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { State } from '../../parts/state';
import { Who } from '../../parts/who';
import { FlipList } from './flip-list';

export function BoardAside(): ReactNode {
  return (
    <aside aria-label="Towards GO">
      <FlipList />
      <SignOffs />
      <YouMay />
      <Conditions />
    </aside>
  );
}

const ANSWERS = {
  counts: { state: 'met', word: 'Signed' },
  suspended: { state: 'stale', word: 'Suspended' },
  void: { state: 'dropped', word: 'Void' },
  no: { state: 'not-met', word: 'No' },
} as const;

function SignOffs(): ReactNode {
  const { board } = useLaunch();
  const missing = board.now.reasons.filter(({ code }) => code === 'SIGN_OFF_MISSING').map(({ ref }) => ref);
  const given = board.signOffs.filter(({ state }) => state === 'counts').length;
  if (board.signOffs.length === 0 && missing.length === 0) return null;
  return (
    <Section id="sign" title="Sign-offs" count={`${given} given, ${missing.length} missing`}>
      <ul className="plain">
        {board.signOffs.map(({ by, state, reason }) => {
          const look = ANSWERS[state as keyof typeof ANSWERS] ?? ANSWERS.void;
          return (
            <li key={by} className="pair">
              <Who id={by} />
              <State state={look.state} word={look.word} why={reason} />
            </li>
          );
        })}
        {missing.map((role) => (
          <li key={`missing ${role}`} className="pair">
            <Who id={role} />
            <State state="open" word="Not given" />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Shown at once; the rest on demand. */
const MOST = 8;

function Conditions(): ReactNode {
  const { board } = useLaunch();
  const isGone = board.verdict.at !== null && board.verdict.value === 'GO';
  const titles = new Map([...board.gates.must, ...board.gates.should].map(({ ref, title }) => [ref, title]));
  const conditions = isGone ? board.verdict.conditions : board.now.conditions;
  if (conditions.length === 0) return null;
  const one = ({ code, ref, text }: (typeof conditions)[number]): ReactNode => (
    <li key={`${code} ${ref} ${text}`}>
      <State
        state={code === 'WAIVER' ? 'waived' : 'open'}
        word={code === 'WAIVER' ? 'Waived' : 'Unmet should'}
        why={titles.get(ref) ?? ref}
      />
      <span className="sub cut" title={text}>
        {text}
      </span>
    </li>
  );
  return (
    <Section id="conditions" title={isGone ? 'Conditions of the GO' : 'Conditions of a GO'} count={conditions.length}>
      <ul className="plain">{conditions.slice(0, MOST).map(one)}</ul>
      {conditions.length > MOST && (
        <details className="more">
          <summary>{conditions.length - MOST} more</summary>
          <ul className="plain">{conditions.slice(MOST).map(one)}</ul>
        </details>
      )}
    </Section>
  );
}

function YouMay(): ReactNode {
  const { launch, reader } = useLaunch();
  const asked = useActions(launch);
  return (
    <Section id="may" title="What you may do" count={reader.person !== null && <Who id={reader.person} />}>
      <Part asked={asked} what="What you may do">
        {({ actions }) => <Actions actions={actions} />}
      </Part>
    </Section>
  );
}

/** Only where there is something to be released, reviewed or tried again. */
const ON_OCCASION: ReadonlySet<LaunchCommandName> = new Set(['release', 'reviewBlocker', 'retryActions']);

function Actions({ actions }: { actions: readonly PossibleAction[] }): ReactNode {
  const { launch } = useLaunch();
  const { opened, open, close, said } = useOpened<LaunchCommandName>();
  const find = (type: LaunchCommandName) => actions.find((action) => action.type === type);
  const types = (Object.keys(LAUNCH_FORMS) as LaunchCommandName[]).filter(
    (type) => !ON_OCCASION.has(type) || find(type)?.allowed
  );
  const form = opened && LAUNCH_FORMS[opened];
  const action = opened && find(opened);
  return (
    <>
      <ul className="actions">
        <li>
          <Link
            className="btn second"
            to={`/launches/${encodeURIComponent(launch)}/sign-off`}
            aria-describedby="may-sign"
          >
            {find('signOff')?.allowed ? 'Sign off' : 'See the sign-off'}
          </Link>
          <p id="may-sign">{refusalOfAction(find('signOff')) ?? 'Shows exactly what you sign.'}</p>
        </li>
        {types.map((type) => (
          <li key={type}>
            <ActionButton
              refused={refusalOfAction(find(type))}
              about={LAUNCH_FORMS[type]?.about}
              onClick={() => open(type)}
            >
              {LAUNCH_FORMS[type]?.button ?? type}
            </ActionButton>
          </li>
        ))}
      </ul>
      <OpenedForm said={said} title={action && form?.title} close={close}>
        {opened && action && <LaunchForm type={opened} action={action} close={close} />}
      </OpenedForm>
    </>
  );
}
