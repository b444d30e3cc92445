package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.schema.Finding;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;

/** Findings by the start of their window, as they are written. */
final class ByWindow extends SimpleFunction<Comparison, KV<Long, Finding>> {
  private static final long serialVersionUID = 1;

  @Override
  public KV<Long, Finding> apply(Comparison comparison) {
    return KV.of(comparison.windowStart(), comparison.finding());
  }
}
