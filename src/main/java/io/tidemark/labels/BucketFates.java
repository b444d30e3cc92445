package io.tidemark.labels;

import io.tidemark.flow.StatelessCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * What a bucket of predictions found of some labels that the same bucket answers for. Each bucket
 * that may hold a label's prediction finds something of it; what it is they only say together.
 *
 * @param bucket start of the bucket that found it, microseconds since the epoch
 */
record BucketFates(long bucket, List<LabelFate> fates) {

  /** What tells a label from all others. */
  private record Place(String file, long position) {
    static Place of(LabelFate fate) {
      return new Place(fate.label().file(), fate.label().position());
    }
  }

  /**
   * One fate a label: that some prediction has it, or else what the earliest bucket says that has
   * its id in time, or that its predictions were too early, or that there are none.
   *
   * @param answering start of the bucket that answers for them, which found something of each
   * @param found in any order; sorted afterwards
   */
  static List<LabelFate> together(long answering, List<BucketFates> found) {
    found.sort(Comparator.comparingLong(BucketFates::bucket));
    Map<Place, LabelFate> best = new LinkedHashMap<>();
    Set<Place> own = new HashSet<>();
    for (BucketFates each : found) {
      for (LabelFate fate : each.fates()) {
        Place place = Place.of(fate);
        best.merge(place, fate, (one, other) -> rank(other) < rank(one) ? other : one);
        if (each.bucket() == answering) {
          own.add(place);
        }
      }
    }
    best.keySet().retainAll(own); // others were answered for when the bucket closed before
    return new ArrayList<>(best.values());
  }

  private static int rank(LabelFate fate) {
    return switch (fate.kind()) {
      case JOINED -> 0;
      case DUPLICATE, CONFLICTING, OVERRIDDEN -> 1;
      case TOO_LATE -> 2;
      case ORPHAN -> 3;
    };
  }

  static final class FatesCoder extends StatelessCoder<BucketFates> {
    private static final long serialVersionUID = 1;
    private static final VarLongCoder BUCKET = VarLongCoder.of();
    private static final LabelFate.FatesCoder FATES = new LabelFate.FatesCoder();

    @Override
    public void encode(BucketFates found, OutputStream out) throws IOException {
      BUCKET.encode(found.bucket(), out);
      FATES.encode(found.fates(), out);
    }

    @Override
    public BucketFates decode(InputStream in) throws IOException {
      return new BucketFates(BUCKET.decode(in), FATES.decode(in));
    }
  }
}
