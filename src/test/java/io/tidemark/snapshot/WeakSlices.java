package io.tidemark.snapshot;

import io.tidemark.profile.FieldCell;
import io.tidemark.schema.Slice;
import java.time.Instant;
import java.util.List;

/** Slices as they are found. */
final class WeakSlices {
  private WeakSlices() {}

  static WeakSlice of(int rank, String words, FieldCell... cells) {
    Slice found = new Slice();
    found.setModel("m");
    found.setModelVersion("");
    found.setPeriodStart(Instant.EPOCH);
    found.setPeriodEnd(Instant.EPOCH);
    found.setPredicates(List.of());
    found.setOtherNames(List.of());
    found.setRank(rank);
    found.setSlice(words);
    found.setSize(200);
    found.setError(.25);
    found.setLift(2.);
    found.setAdjustedP(.0005);
    return new WeakSlice(found, "finding " + rank, List.of(cells));
  }
}
