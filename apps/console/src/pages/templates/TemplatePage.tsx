import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { previewQuery, templatesQuery, type PreviewFilter } from '../../api/queries.js';
import type { TemplatePreview } from '../../api/types.js';
import { channelName, listed } from '../../format/words.js';
import { Failed, Stale } from '../../parts/Failed.js';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';
import { CustomerPicker } from './CustomerPicker.js';
import { Preview } from './Preview.js';
import { Pick } from './Pick.js';
import css from './templates.module.css';

const route = getRouteApi('/templates/$template');

/** A template as one customer would get it. Nothing is sent, and no link works. */
export function TemplatePage() {
  const { template } = route.useParams();
  const filter = route.useSearch();
  const navigate = useNavigate();
  const { data: all } = useQuery(templatesQuery);
  const { data, error, dataUpdatedAt, refetch } = useQuery(previewQuery(template, filter));
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the preview" />;

  const known = all?.items.find((each) => each.template === template);
  const set = (change: PreviewFilter): void =>
    void navigate({ to: '/templates/$template', params: { template }, search: { ...filter, ...change }, replace: true });
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead title={template} up={<Link to="/templates">Templates</Link>} sub={explain(data)} />
      <div className={css.choices}>
        <CustomerPicker customer={data.customer} choose={(customer) => set({ customer })} />
        <Pick
          label="Channel"
          value={data.channel}
          choices={(known?.channels ?? [data.channel]).map((value) => ({ value, label: channelName(value) }))}
          pick={(channel) => set({ channel })}
        />
        <Pick
          label="Purpose"
          value={filter.purpose ?? 'marketing'}
          choices={[
            { value: 'marketing', label: 'Marketing' },
            { value: 'service', label: 'Service' },
          ]}
          pick={(purpose) => set({ purpose: purpose === 'marketing' ? undefined : purpose })}
        />
        <Pick
          label="Language"
          value={filter.locale ?? ''}
          choices={[
            { value: '', label: data.customer === null ? 'The company’s' : 'The customer’s' },
            ...(known?.locales ?? []).map((value) => ({ value, label: languageName(value) })),
          ]}
          pick={(locale) => set({ locale: locale === '' ? undefined : locale })}
        />
      </div>
      <Preview preview={data} />
    </>
  );
}

const why: Readonly<Record<TemplatePreview['locale']['because'], (asked: string, used: string) => string>> = {
  exact: (_, used) => `In ${used}.`,
  language: (asked, used) => `In ${used}, because there is no file for ${asked}.`,
  company: (asked, used) => `In ${used}, the company’s own language, because there is no file for ${asked}.`,
  english: (asked, used) => `In ${used}, because there is no file for ${asked} or for the company’s own language.`,
};

const languages = new Intl.DisplayNames('en-GB', { type: 'language', fallback: 'code' });
const languageName = (locale: string): string => languages.of(locale) ?? locale;

/** The used file, and which values are samples. */
function explain({ locale, samples }: TemplatePreview): string {
  const made = samples.map((name) => (name === 'customer' ? 'the customer' : 'the offer'));
  const sample = made.length === 0 ? 'With the customer’s own data and latest offer.' : `Sample values are used for ${listed(made)}.`;
  return `${why[locale.because](locale.asked, languageName(locale.used))} ${sample} Links in a preview do not work.`;
}
