import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSession } from '../api/session.js';
import { Loading } from '../parts/Loading.js';
import { AlertBanner } from '../pages/alerts/AlertBanner.js';
import { Nav } from './Nav.js';
import css from './Shell.module.css';
import { SignIn } from './SignIn.js';

/** The frame around every page, or the sign-in form while nobody is signed in. */
export function Shell() {
  const session = useSession();
  const main = useMainFocus();
  if (session === 'closed') return <SignIn />;
  // Nothing is loaded before the key was exchanged: a late refusal would close the session again.
  if (session === 'opening') {
    return (
      <main className={css.main}>
        <Loading what="Signing in" />
      </main>
    );
  }
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">
        Skip to the content
      </a>
      <Nav />
      <main id="main" className={css.main} tabIndex={-1} ref={main}>
        <AlertBanner />
        <Outlet />
      </main>
    </div>
  );
}

/** Moves the focus to the page after a change of page, so that a keyboard or a screen reader starts at its top. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
