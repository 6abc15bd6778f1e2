import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBooleanString, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

const MAX_TARGETS = 1000;
const DEFAULT_TARGETS = 100;

/** Which targets to list. */
export class TargetsQuery {
  @ApiPropertyOptional({ type: String, description: 'Only targets of this job.' })
  @IsOptional()
  @IsString()
  readonly job?: string;

  @ApiPropertyOptional({ type: String, description: 'Only targets of this collector.' })
  @IsOptional()
  @IsString()
  readonly collector?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'true: only targets without a collector.' })
  @IsOptional()
  @IsBooleanString()
  readonly unassigned?: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: MAX_TARGETS, default: DEFAULT_TARGETS })
  @Type(() => Number)
  @Max(MAX_TARGETS)
  @Min(1)
  @IsInt()
  readonly limit: number = DEFAULT_TARGETS;

  @ApiPropertyOptional({ type: Number, minimum: 0, default: 0 })
  @Type(() => Number)
  @Min(0)
  @IsInt()
  readonly offset: number = 0;
}
