import { Link, useLocation } from '@tanstack/react-router';
import { Notice } from '../../parts/Notice.js';
import { bannerText } from './alert-words.js';
import { useOpenAlerts } from './use-open-alerts.js';

/** Above every room but the one that tells all of it, while something has to be looked at. */
export function AlertBanner() {
  const alerts = useOpenAlerts() ?? [];
  const there = useLocation({ select: ({ pathname }) => pathname.startsWith('/alerts') });
  return (
    <div role="status">
      {alerts.length > 0 && !there && (
        <Notice grave>
          {bannerText(alerts)} <Link to="/alerts">What to do</Link>
        </Notice>
      )}
    </div>
  );
}
