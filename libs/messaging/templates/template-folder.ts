import type { TemplateParts } from '../contract/template-part.js';
import { folderStamp } from '../../platform/folder-stamp.js';
import { messageOf } from '../../platform/message-of.js';
import { checkTemplates, refuseFaults, type CheckedTemplates, type Templates } from './templates.js';

/** A folder of templates that people are writing in, while messages are written with it. */
export interface TemplateFolder {
  /**
   * The templates as their files are now: read when first asked for, and again after a change. A file that is broken stays
   * as it last was when it was not, and is named in the faults.
   */
  now(): Promise<CheckedTemplates>;
  /** What `now` gave last, whenever it is asked. Throws until that was asked for the first time. */
  readonly latest: Templates;
}

/** @param company the company's own locale */
export function openTemplates(dir: string, parts: TemplateParts, company: string): TemplateFolder {
  let good: CheckedTemplates | undefined;
  let read: { readonly stamp: string; readonly checked: Promise<CheckedTemplates> } | undefined;

  async function reread(before: Promise<CheckedTemplates> | undefined): Promise<CheckedTemplates> {
    await before;
    try {
      good = await checkTemplates(dir, parts, company, good?.compiled);
      return good;
    } catch (error) {
      // The files changed under its hands: the next look reads them anew.
      read = undefined;
      return { ...lastGood(error), faults: [{ file: dir, what: messageOf(error) }] };
    }
  }

  function lastGood(error: unknown): CheckedTemplates {
    if (good === undefined) throw error;
    return good;
  }

  return {
    now: async () => {
      let stamp: string;
      try {
        stamp = folderStamp(dir);
      } catch (error) {
        return { ...lastGood(error), faults: [{ file: dir, what: messageOf(error) }] };
      }
      if (read?.stamp !== stamp) read = { stamp, checked: reread(read?.checked) };
      return read.checked;
    },
    latest: following(() => {
      if (good === undefined) throw new Error('The templates were not read yet');
      return good.templates;
    }),
  };
}

/**
 * The same for a process that sends: it does not start with a broken file.
 * @throws Error naming every fault
 */
export async function openSoundTemplates(dir: string, parts: TemplateParts, company: string): Promise<TemplateFolder> {
  const folder = openTemplates(dir, parts, company);
  refuseFaults(await folder.now());
  return folder;
}

/** Templates that are always the present ones. */
function following(present: () => Templates): Templates {
  return {
    get keys() {
      return present().keys;
    },
    locales: (...asked) => present().locales(...asked),
    pick: (...asked) => present().pick(...asked),
    channels: (...asked) => present().channels(...asked),
    needs: (...asked) => present().needs(...asked),
    links: (...asked) => present().links(...asked),
    link: (...asked) => present().link(...asked),
    digest: (...asked) => present().digest(...asked),
    render: (...asked) => present().render(...asked),
  };
}
