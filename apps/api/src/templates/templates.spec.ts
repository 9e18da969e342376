import { makeCampaign, makeCustomer, makeEnrolment, makeOffer } from '../../../../test/harness/factories.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';

interface Preview {
  readonly locale: { readonly asked: string; readonly used: string; readonly because: string };
  readonly customer: { readonly externalId: string } | null;
  readonly samples: readonly string[];
  readonly email: { readonly subject: string; readonly html: string; readonly text: string } | null;
  readonly sms: { readonly text: string; readonly encoding: string; readonly segments: number } | null;
  readonly whatsapp: object | null;
}

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const preview = async (query: string): Promise<Preview> =>
  (await api.request<Preview>('GET', `/v1/templates/save-offer/preview?${query}`)).body;

describe('templates', () => {
  it('are listed with locales and channels, and the project’s own have no errors', async () => {
    const { status, body } = await api.request<{ items: readonly object[] }>('GET', '/v1/templates');
    expect(status).toBe(200);
    expect(body.items).toContainEqual(
      expect.objectContaining({
        template: 'save-offer',
        locales: ['de', 'en', 'es', 'fr'],
        channels: ['email', 'sms'],
      }),
    );
  });

  it('are shown with a real customer and the latest offer, in the customer’s language', async () => {
    const em = api.em();
    const customer = await makeCustomer(em, { name: 'Zoë <b>', locale: 'de-AT' });
    const enrolment = await makeEnrolment(em, await makeCampaign(em), customer.id);
    const offer = await makeOffer(em, enrolment, { title: '12 EUR Gutschrift' });
    const { email, locale, samples, ...rest } = await preview(`customer=${customer.id}`);
    expect(rest).toMatchObject({ customer: { externalId: customer.externalId }, sms: null, whatsapp: null });
    expect(samples).toEqual([]);
    expect(locale).toEqual({ asked: 'de-AT', used: 'de', because: 'language' });
    expect(email?.subject).toBe('Für Sie: 12 EUR Gutschrift');
    expect(email?.html).toContain('Guten Tag Zoë &lt;b&gt;');
    expect(email?.text).toContain('Guten Tag Zoë <b>');
    expect(email?.text).toContain('16. März');
    expect(email?.text).toContain(offer.voucherCode);
  });

  it('have links that do not work: none in a preview is signed', async () => {
    const em = api.em();
    const customer = await makeCustomer(em);
    await makeOffer(em, await makeEnrolment(em, await makeCampaign(em), customer.id));
    const { email } = await preview(`customer=${customer.id}`);
    const links = [...(email?.html.matchAll(/href="([^"]+)"/g) ?? [])].map(([, link = '']) => new URL(link).pathname);
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const path of links)
      for (const method of ['GET', 'POST']) expect([path, (await api.request(method, path, { key: null })).status]).toEqual([path, 404]);
  });

  it('show which values are samples, count segments, and accept another locale', async () => {
    const { sms, samples, customer, locale } = await preview('channel=sms&locale=fr-CA');
    expect(customer).toBeNull();
    expect(samples).toEqual(['customer', 'offer']);
    expect(locale).toEqual({ asked: 'fr-CA', used: 'fr', because: 'language' });
    expect(sms?.text).toContain('STOP');
    expect(sms).toMatchObject({ encoding: 'gsm-7', segments: 2 });
    expect((await preview('locale=ja')).locale).toEqual({ asked: 'ja', used: 'en', because: 'company' });
    const known = await preview(`channel=sms&customer=${(await makeCustomer(api.em())).id}`);
    expect(known.samples).toEqual(['offer']);
  });

  it('are shown for either purpose, with dates in the language of the text', async () => {
    const em = api.em();
    const customer = await makeCustomer(em, { locale: 'pt-BR' });
    await makeOffer(em, await makeEnrolment(em, await makeCampaign(em), customer.id));
    const offered = await preview(`customer=${customer.id}`);
    expect(offered.email?.text).toContain('March 16');
    expect(offered.email?.text).toContain('agreed to hear from us');
    const service = await preview(`customer=${customer.id}&purpose=service`);
    expect(service.email?.text).toContain('about your contract');
    expect(service.email?.text).not.toContain('agreed to hear from us');
    expect((await api.request('GET', '/v1/templates/save-offer/preview?purpose=other')).status).toBe(400);
  });

  it('are not found if they do not exist, and need a key', async () => {
    expect((await api.request('GET', '/v1/templates/other/preview')).status).toBe(404);
    expect((await api.request('GET', '/v1/templates/constructor/preview')).status).toBe(404);
    expect((await api.request('GET', '/v1/templates/save-offer/preview?customer=01995a3e-7c00-7000-8000-000000000001')).status).toBe(404);
    expect((await api.request('GET', '/v1/templates/save-offer/preview?channel=fax')).status).toBe(400);
    expect((await api.request('GET', '/v1/templates', { key: null })).status).toBe(401);
  });
});
