import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/ibm-plex-sans/standard.css';
import '@fontsource/ibm-plex-mono/400.css';
import '@fontsource/ibm-plex-mono/500.css';
import './styles/tokens.css';
import './styles/elements.css';
import './styles/parts.css';
import './styles/log.css';
import './styles/frame.css';
import './styles/forms.css';
import './styles/verdict.css';
import './styles/board.css';
import './styles/item.css';
import './styles/timeline.css';
import './styles/records.css';
import './styles/print.css';
import { App } from './app';
import { speakAsBefore } from './api/speaks-as';
import { takeToken } from './pages/sign-in/token-in-address';
import { applyTheme } from './shell/theme';

applyTheme();
speakAsBefore();
const token = takeToken();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App token={token} />
    </StrictMode>
  );
}
