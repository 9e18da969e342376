import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { definitionJsonSchema } from '../../../../libs/campaigns/definition-schema.js';
import { Answers } from '../http/answers.js';

@ApiTags('campaigns')
@Controller('v1/definition-schema')
export class DefinitionSchemaController {
  @Get()
  @ApiOperation({ summary: 'The JSON Schema of a campaign definition, for editors' })
  @Answers(200, z.record(z.string(), z.unknown()), { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' })
  find() {
    return definitionJsonSchema();
  }
}
