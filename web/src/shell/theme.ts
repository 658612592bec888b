import { useState } from 'react';

const THEMES = ['automatic', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const REMEMBERED = 'launch-director:theme';

function remembered(): Theme {
  const kept = localStorage.getItem(REMEMBERED);
  return THEMES.find((theme) => theme === kept) ?? 'automatic';
}

/** Before anything is drawn, and at each change. */
export function applyTheme(theme = remembered()): void {
  const { dataset } = document.documentElement;
  if (theme === 'automatic') delete dataset.theme;
  else dataset.theme = theme;
}

export function useTheme(): { theme: Theme; next: () => void } {
  const [theme, setTheme] = useState(remembered);
  const next = (): void => {
    const following = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'automatic';
    localStorage.setItem(REMEMBERED, following);
    applyTheme(following);
    setTheme(following);
  };
  return { theme, next };
}
