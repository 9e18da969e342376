import { Module } from '@nestjs/common';
import { CustomerContactsController } from './customer-contacts.controller.js';
import { CustomersController } from './customers.controller.js';

@Module({ controllers: [CustomersController, CustomerContactsController] })
export class CustomersModule {}
