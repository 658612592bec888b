import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { Mark } from '../parts/mark';
import { useTheme } from './theme';

interface Props {
  /** Beside the mark: the launch's title. */
  brand: string;
  /** Where the mark leads. */
  home: string;
  nav?: ReactNode;
  /** At the other end of the bar. */
  end?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}

/** The landmarks of every page, the skip link first. A page that is opened by a link is begun at its top. */
export function Frame({ brand, home, nav, end, foot, children }: Props): ReactNode {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="bar">
        <div className="bar-in">
          <Link className="brand" to={home}>
            <Mark name="brand" /> <span title={brand}>{brand}</span>
          </Link>
          {nav}
          <div className="bar-end">
            {end}
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <main id="main" className="page" tabIndex={-1} ref={main}>
        {children}
      </main>
      <footer className="page">
        <div className="foot">
          {foot}
          <span>launch-director</span>
        </div>
      </footer>
    </>
  );
}

function ThemeSwitch(): ReactNode {
  const { theme, next } = useTheme();
  return (
    <button className="theme" type="button" onClick={next}>
      Theme: {theme}
    </button>
  );
}
