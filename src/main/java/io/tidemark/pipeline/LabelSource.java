package io.tidemark.pipeline;

import io.tidemark.ingest.scan.EventFiles;

/**
 * Labels that a run joins.
 *
 * @param asOf those given later are left out, microseconds since the epoch; {@link Long#MAX_VALUE}:
 *     none are
 */
public record LabelSource(EventFiles files, long asOf) {}
