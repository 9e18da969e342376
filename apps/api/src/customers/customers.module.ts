import { Module } from '@nestjs/common';
import { CustomerContactsController } from './customer-contacts.controller.js';
import { CustomersController } from './customers.controller.js';
import { ErasuresController } from './erasures.controller.js';

@Module({ controllers: [CustomersController, CustomerContactsController, ErasuresController] })
export class CustomersModule {}
