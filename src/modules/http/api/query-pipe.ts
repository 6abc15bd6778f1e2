import { BadRequestException, ValidationPipe } from '@nestjs/common';

/** Checks the parameters of a URL's query against their class; what the class does not name is left out. */
export const queryPipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) =>
    new BadRequestException(
      errors.flatMap(({ constraints }) => Object.values(constraints ?? {})).join(', '),
    ),
});
