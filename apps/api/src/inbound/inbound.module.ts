import { Module } from '@nestjs/common';
import { InboundHooksController } from './mail/inbound-hooks.controller.js';
import { MailReceiver } from './mail/inbound-pipeline.js';
import { SentTexts } from './mail/sent-text.js';
import { LinkController } from './pages/link.controller.js';
import { OfferController } from './pages/offer.controller.js';
import { PageErrorsFilter } from './pages/page-errors.filter.js';
import { PreferencesController } from './pages/preferences.controller.js';
import { TwilioController } from './twilio/twilio.controller.js';
import { UnsubscribeController } from './pages/unsubscribe.controller.js';

/** The webhooks and pages by which customers and providers reach us over HTTP. Each checks a signature. */
@Module({
  controllers: [TwilioController, InboundHooksController, OfferController, PreferencesController, LinkController, UnsubscribeController],
  providers: [PageErrorsFilter, MailReceiver, SentTexts],
  exports: [MailReceiver],
})
export class InboundModule {}
