import { Module } from '@nestjs/common';
import { CustomerContactsController } from './customer-contacts.controller.js';
import { CustomerHistoryController } from './customer-history.controller.js';
import { CustomersController } from './customers.controller.js';
import { ErasuresController } from './erasures.controller.js';

@Module({ controllers: [CustomersController, CustomerContactsController, CustomerHistoryController, ErasuresController] })
export class CustomersModule {}
