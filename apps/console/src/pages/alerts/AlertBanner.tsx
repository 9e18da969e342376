import { Link, useLocation } from '@tanstack/react-router';
import { Notice } from '../../parts/Notice.js';
import { bannerText } from './alert-words.js';
import { useOpenAlerts } from './use-open-alerts.js';

/** Above every page except Alerts, while something needs attention. */
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
