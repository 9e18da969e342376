import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '../../platform/project-file.js';
import { openSoundTemplates, openTemplates, type TemplateFolder } from './template-folder.js';
import { templatesKnown } from './template-knowledge.js';
import { describeFault, samples } from './template-lint.js';
import { emailTemplate } from '../channels/email/template.js';
import { smsTemplate } from '../channels/sms/template.js';
import { templateParts } from '../channels/template-parts.js';

describe('a folder of templates that changes while it is used', () => {
  let dir: string;
  let folder: TemplateFolder;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'templates-'));
    cpSync(projectFile('config', 'templates'), dir, { recursive: true });
    folder = openTemplates(dir, templateParts, 'en');
    await folder.now();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const sms = (locale: string): string => folder.latest.render(smsTemplate, 'save-offer', locale, samples.known);
  const change = (file: string, edit: (text: string) => string): void =>
    writeFileSync(join(dir, file), edit(readFileSync(join(dir, file), 'utf8')));
  const greeted = (text: string): string => text.replace(/^sms: >-\n {2}/m, 'sms: >-\n  Psst! ');
  const faults = async (): Promise<string[]> => (await folder.now()).faults.map(describeFault);

  it('takes in a text that changed, and a template that came, without a new start', async () => {
    expect(sms('de')).not.toContain('Psst!');
    change('save-offer/de.yaml', greeted);
    cpSync(join(dir, 'save-offer'), join(dir, 'spring-offer'), { recursive: true });
    expect(await faults()).toEqual([]);
    expect(sms('de')).toContain('Psst!');
    expect(folder.latest.keys).toContain('spring-offer');
  });

  it.each<[string, string, (text: string) => string]>([
    ['no YAML', 'save-offer/de.yaml', () => 'sms: "never closed'],
    ['cut off', 'save-offer/de.yaml', (text) => text.slice(0, text.length / 2)],
    ['empty', 'save-offer/de.yaml', () => ''],
    ['with a tag left open', 'save-offer/de.yaml', (text) => text.replace('sms: >-\n  ', 'sms: >-\n  {% if customer.name %}')],
    ['that asks for a partial', 'save-offer/de.yaml', (text) => text.replace('sms: >-\n  ', "sms: >-\n  {% render 'footer' %} ")],
    [
      'that uses a filter nobody knows',
      'save-offer/de.yaml',
      (text) => text.replace('sms: >-\n  ', 'sms: >-\n  {{ customer.name | shout }} '),
    ],
    ['without the text for a channel', 'save-offer/de.yaml', (text) => text.replace(/^sms: >-\n(?: {2}.*\n)+/m, '')],
    ['of the layout', '_layout.yaml', () => 'mjml: <mjml>[[ body ]]</mjml>\nwords: {}\n'],
  ])('goes on with what a file last said where it is broken: %s', async (_, file, edit) => {
    const before = {
      text: sms('de'),
      mail: folder.latest.render(emailTemplate, 'save-offer', 'de', samples.known),
      digest: folder.latest.digest('save-offer'),
    };
    const sound = readFileSync(join(dir, file), 'utf8');
    change(file, edit);
    expect((await faults()).length).toBeGreaterThan(0);
    expect(sms('de')).toBe(before.text);
    expect(folder.latest.render(emailTemplate, 'save-offer', 'de', samples.known)).toEqual(before.mail);
    expect(folder.latest.digest('save-offer')).toBe(before.digest);
    expect(folder.latest.channels('save-offer', 'de')).toContain('sms');
    expect(templatesKnown(await folder.now())['save-offer']?.faults.length).toBeGreaterThan(0);
    writeFileSync(join(dir, file), greeted(sound));
    expect(await faults()).toEqual([]);
  });

  it('goes on with the file that all fall back to, where it is gone and others need it', async () => {
    rmSync(join(dir, 'save-offer', 'en.yaml'));
    expect(await faults()).toEqual([expect.stringContaining('en.yaml')]);
    expect(sms('pl')).toContain('STOP');
  });

  it('does not know a template whose folder is gone', async () => {
    rmSync(join(dir, 'save-offer'), { recursive: true });
    expect(await faults()).toEqual([]);
    expect(folder.latest.keys).not.toContain('save-offer');
    expect(templatesKnown(await folder.now())).not.toHaveProperty('save-offer');
  });

  it('goes on where the whole folder is gone, and says so', async () => {
    rmSync(dir, { recursive: true });
    expect((await faults()).length).toBe(1);
    expect(sms('en')).toContain('STOP');
    cpSync(projectFile('config', 'templates'), dir, { recursive: true });
    expect(await faults()).toEqual([]);
  });

  it('has another digest for each text, layout and language, and the same for a comment', async () => {
    const digests = new Set([folder.latest.digest('save-offer')]);
    change('save-offer/de.yaml', (text) => `# a comment\n${text}`);
    await folder.now();
    digests.add(folder.latest.digest('save-offer'));
    expect(digests.size).toBe(1);
    change('save-offer/de.yaml', greeted);
    await folder.now();
    digests.add(folder.latest.digest('save-offer'));
    change('_layout.yaml', (text) => text.replace('width="600px"', 'width="601px"'));
    await folder.now();
    digests.add(folder.latest.digest('save-offer'));
    rmSync(join(dir, 'save-offer', 'fr.yaml'));
    await folder.now();
    digests.add(folder.latest.digest('save-offer'));
    expect(digests.size).toBe(4);
  });

  it('is refused by a process that starts with a broken file', async () => {
    change('save-offer/de.yaml', () => '');
    await expect(openSoundTemplates(dir, templateParts, 'en')).rejects.toThrow(/save-offer\/de\.yaml/);
  });
});
