import { Controller, Get, Header, Injectable } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import {
  ApiExcludeController,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { NotKnownYetError } from '../http.errors.js';

/** The description of the API, made once from the controllers. */
@Injectable()
export class OpenApiDocument {
  #document: OpenAPIObject | undefined;

  describe(app: INestApplication, version: string): void {
    const config = new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Target Allocator')
      .setDescription('Which scrape targets each OpenTelemetry Collector scrapes.')
      .setVersion(version)
      .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
      .addTag('collectors', 'What collectors poll')
      .addTag('operators', 'What operators look at')
      .addTag('health', 'Probes')
      .build();
    this.#document = SwaggerModule.createDocument(app, config);
  }

  get(): OpenAPIObject {
    if (this.#document === undefined) throw new NotKnownYetError('the API is being described');
    return this.#document;
  }
}

@ApiExcludeController()
@Controller()
export class OpenApiController {
  constructor(private readonly document: OpenApiDocument) {}

  @Get('openapi.json')
  @Header('Cache-Control', 'no-cache')
  get(): OpenAPIObject {
    return this.document.get();
  }
}
