import { Type } from 'class-transformer';
import {
  IsBooleanString,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { ResourceStatus } from '../../custom-resources/index.js';
import { resourceStates } from '../api/resources.query.js';

const MAX_SEARCH_LENGTH = 1000;
const MAX_PAGE = 1_000_000;

// Checks run from the bottom up, and only the first failure is told.

/** The parameters of a page that lists something. */
export class ListingQuery {
  /** Text that must occur in a row. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  readonly q?: string;

  /** From 1. */
  @Type(() => Number)
  @Max(MAX_PAGE)
  @Min(1)
  @IsInt()
  readonly page: number = 1;
}

/** The parameters of the page of custom resources. */
export class ResourcesPageQuery extends ListingQuery {
  @IsOptional()
  @IsString()
  readonly kind?: string;

  @IsOptional()
  @IsString()
  readonly namespace?: string;

  @IsOptional()
  @IsIn(resourceStates)
  readonly state?: ResourceStatus['state'];
}

/** The parameters of the page of targets. */
export class TargetsPageQuery extends ListingQuery {
  @IsOptional()
  @IsString()
  readonly job?: string;

  @IsOptional()
  @IsString()
  readonly collector?: string;

  @IsOptional()
  @IsBooleanString()
  readonly unassigned?: string;
}
