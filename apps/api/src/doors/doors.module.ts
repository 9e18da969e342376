import { Module } from '@nestjs/common';
import { OfferController } from './offer.controller.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { TwilioController } from './twilio.controller.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

/** The doors through which customers and providers reach us over HTTP. Each checks a signature of its own. */
@Module({ controllers: [TwilioController, OfferController, UnsubscribeController], providers: [PageErrorsFilter] })
export class DoorsModule {}
