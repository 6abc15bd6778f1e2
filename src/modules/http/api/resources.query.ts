import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import type { ResourceStatus } from '../../custom-resources/index.js';

const MAX_RESOURCES = 1000;
const DEFAULT_RESOURCES = 100;

export const resourceStates = [
  'accepted',
  'rejected',
  'pending',
] as const satisfies readonly ResourceStatus['state'][];

/** Which custom resources to list. */
export class ResourcesQuery {
  @ApiPropertyOptional({ type: String, description: 'Only this kind, such as ServiceMonitor.' })
  @IsOptional()
  @IsString()
  readonly kind?: string;

  @ApiPropertyOptional({ type: String, description: 'Only resources in this namespace.' })
  @IsOptional()
  @IsString()
  readonly namespace?: string;

  @ApiPropertyOptional({ enum: resourceStates, description: 'Only resources in this state.' })
  @IsOptional()
  @IsIn(resourceStates)
  readonly state?: ResourceStatus['state'];

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: MAX_RESOURCES,
    default: DEFAULT_RESOURCES,
  })
  @Type(() => Number)
  @Max(MAX_RESOURCES)
  @Min(1)
  @IsInt()
  readonly limit: number = DEFAULT_RESOURCES;

  @ApiPropertyOptional({ type: Number, minimum: 0, default: 0 })
  @Type(() => Number)
  @Min(0)
  @IsInt()
  readonly offset: number = 0;
}
