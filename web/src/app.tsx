import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { createQueryClient } from './api/queries';
import { BoardPage } from './pages/board/board-page';
import { ItemPage } from './pages/item/item-page';
import { LaunchesPage } from './pages/launches/launches-page';
import { LedgerPage } from './pages/ledger/ledger-page';
import { NotFoundPage } from './pages/not-found-page';
import { OutboxPage } from './pages/outbox/outbox-page';
import { PlanPage } from './pages/plan/plan-page';
import { SignInPage } from './pages/sign-in/sign-in-page';
import { TokenInAddress } from './pages/sign-in/token-in-address';
import { SignOffPage } from './pages/sign-off/sign-off-page';
import { StandupsPage } from './pages/standups/standups-page';
import { TimelinePage } from './pages/timeline/timeline-page';
import { LaunchFrame } from './shell/launch-frame';
import { SignedIn } from './shell/signed-in';

/** `token`: what the page was opened with, once. */
export function App({ token }: { token?: string }): ReactNode {
  const [queries] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <TokenInAddress token={token}>
          <Routes>
            <Route path="/sign-in" element={<SignInPage />} />
            <Route element={<SignedIn />}>
              <Route path="/" element={<LaunchesPage />} />
              <Route path="/launches/:id" element={<LaunchFrame />}>
                <Route index element={<BoardPage />} />
                <Route path="items/:item" element={<ItemPage />} />
                <Route path="sign-off" element={<SignOffPage />} />
                <Route path="timeline" element={<TimelinePage />} />
                <Route path="ledger" element={<LedgerPage />} />
                <Route path="standups" element={<StandupsPage />} />
                <Route path="outbox" element={<OutboxPage />} />
                <Route path="plan" element={<PlanPage />} />
                <Route path="*" element={<NotFoundPage />} />
              </Route>
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Routes>
        </TokenInAddress>
      </BrowserRouter>
    </QueryClientProvider>
  );
}
