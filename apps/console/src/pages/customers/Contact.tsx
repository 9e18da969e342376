import type { ContactPoint, CustomerDetail } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { channelInText, channelName, shortReason, spelledOut } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import parts from '../../parts/parts.module.css';
import css from './customers.module.css';

/** The customer's addresses, what may be sent to each, and why not. */
export function Contact({ customer }: { readonly customer: CustomerDetail }) {
  const { contactPoints, preferredChannel, consents } = customer;
  return (
    <Card title="Contact" aside={preferredChannel !== null && `prefers ${channelInText(preferredChannel)}`}>
      {contactPoints.length === 0 && <p className={parts.soft}>No address is known, so no message can reach this customer.</p>}
      <ul className={css.points}>
        {contactPoints.map((point) => (
          <li key={point.id}>
            <h3>
              {channelName(point.channel)} <span className={parts.soft}>{point.address}</span>
            </h3>
            <Use what="Marketing" restrictions={point.restrictions.marketing} />
            <Use what="About the contract" restrictions={point.restrictions.service} />
          </li>
        ))}
      </ul>
      {consents.length > 0 && <Consents consents={consents} />}
    </Card>
  );
}

function Use({ what, restrictions }: { readonly what: string; readonly restrictions: ContactPoint['restrictions']['marketing'] }) {
  const may = restrictions.length === 0;
  return (
    <p>
      <Chip word={may ? { text: 'may be sent', tone: 'leaf' } : { text: restrictions.map(shortReason).join(', '), tone: 'rose' }} />{' '}
      <span className={parts.soft}>{what}</span>
    </p>
  );
}

/** All consent events, the latest first; the latest one counts. */
function Consents({ consents }: Pick<CustomerDetail, 'consents'>) {
  return (
    <details className={css.details}>
      <summary>Consents given and withdrawn ({consents.length})</summary>
      <div className={parts.scroll} tabIndex={0} role="group" aria-label="Consents given and withdrawn">
        <table className={parts.table}>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">By</th>
            </tr>
          </thead>
          <tbody>
            {consents.map((consent) => (
              <tr key={consent.id}>
                <td>{moment(consent.at)}</td>
                <td>
                  {consent.granted ? 'given' : 'withdrawn'}: {consent.purpose === 'marketing' ? 'marketing' : 'about the contract'} by{' '}
                  {channelInText(consent.channel)}
                </td>
                <td>
                  {spelledOut(consent.source)}, wording {consent.wordingVersion}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
