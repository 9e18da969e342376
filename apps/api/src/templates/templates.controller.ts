import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelKinds, channels, type Channel } from '../../../../libs/channels/table.js';
import { CannotCompose } from '../../../../libs/channels/contract/cannot-compose.js';
import { samples } from '../../../../libs/messaging/templates/template-lint.js';
import { loadPreviewSubject, previewVariables } from '../../../../libs/messaging/templates/template-preview.js';
import type { TemplateVariables } from '../../../../libs/channels/contract/template-variables.js';
import type { Templates } from '../../../../libs/messaging/templates/templates.js';
import { notFound, Problem } from '../../../../libs/platform/problem.js';
import { SETTINGS } from '../providers.js';
import { Answers } from '../http/answers.js';
import { IdOrKeyPipe } from '../http/validation.pipe.js';
import { previewExample, previewOut, previewQuery, type PreviewQuery, templatePage, templatePageExample } from './templates.schemas.js';
import { emailTemplate } from '../../../../libs/channels/email/template.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import type { Settings } from '../../../../config/settings.js';

/** The preview of a template on a channel; undefined if it has no text there. */
function shown(templates: Templates, channel: Channel, key: string, locale: string, variables: TemplateVariables): object | undefined {
  const { template, preview } = channelKinds.get(channel);
  return preview.show(templates.render(template, key, locale, variables));
}

@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  constructor(
    private readonly em: EntityManager,
    private readonly content: PublishedContent,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists the message templates, as they are published' })
  @Answers(200, templatePage, templatePageExample)
  list() {
    const { templates } = this.content.latest;
    const { defaultLocale } = this.settings;
    return {
      items: templates.keys.map((template) => ({
        template,
        subject: templates.render(emailTemplate, template, defaultLocale, samples.known).subject,
        locales: templates.locales(template),
        channels: channels.filter((channel) => shown(templates, channel, template, defaultLocale, samples.known) !== undefined),
        links: templates.links(template),
      })),
      next: null,
    };
  }

  @Get(':template/preview')
  @ApiOperation({ summary: 'Shows a template as a customer would get it; its links do not work, and nothing is sent' })
  @Answers(200, previewOut, previewExample, [400, 404])
  async preview(
    @Param('template', IdOrKeyPipe) template: string,
    @Query({ schema: previewQuery }) { channel, customer, locale, purpose }: PreviewQuery,
  ) {
    const { templates } = this.content.latest;
    if (!templates.keys.includes(template)) throw notFound('template', template);
    const subject = customer === undefined ? { customer: null, offer: null } : await loadPreviewSubject(this.em, customer);
    const asked = locale ?? subject.customer?.locale ?? this.settings.defaultLocale;
    const { locale: used, because } = templates.pick(template, asked);
    const { variables, samples: sampled } = previewVariables(
      subject,
      { locale: asked, purpose },
      { publicUrl: this.settings.http.publicUrl, company: this.settings.company },
    );
    return {
      template,
      channel,
      locale: { asked, used, because },
      customer:
        subject.customer === null
          ? null
          : { id: subject.customer.id, externalId: subject.customer.externalId, name: subject.customer.name },
      samples: sampled,
      ...Object.fromEntries(channels.map((each) => [each, null])),
      [channel]: composed(() => shown(templates, channel, template, asked, variables)) ?? null,
    };
  }
}

/** @throws Problem invalid if the real message could not be composed for this customer either */
function composed<Shown>(compose: () => Shown): Shown {
  try {
    return compose();
  } catch (error) {
    if (!(error instanceof CannotCompose)) throw error;
    throw new Problem('invalid', 'This message cannot be composed for this customer', [{ where: 'the template', what: error.message }]);
  }
}
