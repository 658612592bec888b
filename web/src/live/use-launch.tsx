import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { askAgain, useMe } from '../api/queries';
import type { BoardAnswer, MeasurementAnswer } from '../api/types';
import { LaunchStream, type LaunchView } from './launch-stream';
import { ClockContext } from './now';
import { useReader, type Reader } from './reader';

/** After news, what was asked of the launch is asked again, once for all that comes together. */
const ASK_AGAIN_AFTER_MS = 300;

const Context = createContext<LaunchStream | undefined>(undefined);

/** Listens to one launch for all that is below; there is one of it for a page. */
export function LaunchProvider({ launch, children }: { launch: string; children: ReactNode }): ReactNode {
  const stream = useMemo(() => new LaunchStream(launch), [launch]);
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const news = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        askAgain(queries, launch);
      }, ASK_AGAIN_AFTER_MS);
    };
    let seen = stream.snapshot().board;
    const unwatch = stream.subscribe(() => {
      const { board } = stream.snapshot();
      if (board !== seen) news();
      seen = board;
    });
    const unhear = stream.hear({ facts: news });
    stream.start();
    return () => {
      stream.stop();
      unwatch();
      unhear();
      clearTimeout(timer);
    };
  }, [launch, queries, stream]);
  const { ahead } = useSyncExternalStore(stream.subscribe, stream.snapshot);
  return (
    <Context value={stream}>
      <ClockContext value={ahead}>{children}</ClockContext>
    </Context>
  );
}

export function useStream(): LaunchStream {
  const stream = useContext(Context);
  if (!stream) throw new Error('outside of a launch');
  return stream;
}

/** The launch as it is known now: its board, the connection, what has just changed. */
export function useLaunchView(): LaunchView {
  const { subscribe, snapshot } = useStream();
  return useSyncExternalStore(subscribe, snapshot);
}

export interface OfLaunch {
  launch: string;
  /** There is one: the shell shows a page only when its board has come. */
  board: BoardAnswer;
  reader: Reader;
}

/** For pages of a launch: its id, its board, who reads. */
export function useLaunch(): OfLaunch {
  const { launch } = useStream();
  const { board } = useLaunchView();
  const { data: me } = useMe(launch);
  const reader = useReader(me);
  if (!board) throw new Error('the board has not come');
  return { launch, board, reader };
}

const NONE: readonly MeasurementAnswer[] = [];
const MOST_KEPT = 500;

/** The last runs of checks that came since the page was opened, the newest last; of one item or criterion where named. */
export function useMeasurements(of: { item?: string; criterion?: string } = {}): readonly MeasurementAnswer[] {
  const stream = useStream();
  const { item, criterion } = of;
  const wanted = `${stream.launch} ${item ?? ''} ${criterion ?? ''}`;
  const [heard, setHeard] = useState({ wanted, runs: NONE });
  useEffect(
    () =>
      stream.hear({
        measurement: (each) => {
          if (item !== undefined && each.item !== item) return;
          if (criterion !== undefined && each.criterion !== criterion) return;
          setHeard((before) => {
            const runs = before.wanted === wanted ? before.runs : NONE;
            return { wanted, runs: [...runs.slice(1 - MOST_KEPT), each] };
          });
        },
      }),
    [stream, item, criterion, wanted]
  );
  return heard.wanted === wanted ? heard.runs : NONE;
}
